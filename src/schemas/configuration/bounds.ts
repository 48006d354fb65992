import * as z from 'zod';

/** Characters that are invisible or change the direction of text: no text that people edit needs them. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/u;

export function oneLine(max: number) {
  return z
    .string()
    .min(1)
    .max(max, { abort: true })
    .refine((text) => text.trim() !== '' && !UNSEEN.test(text), 'text in one line, without characters that nobody sees');
}

export function boundedRecord<Key extends z.core.$ZodRecordKey, Value extends z.core.SomeType>(key: Key, value: Value, max: number) {
  return z.record(key, value).refine((entries) => Object.keys(entries).length <= max, `a section of at most ${max} entries`);
}

/** For rules about several fields: checked only if each field is valid, so that a field's own faults come first. */
export const whenFieldsHold = { when: ({ issues }: z.core.ParsePayload) => issues.length === 0 };
