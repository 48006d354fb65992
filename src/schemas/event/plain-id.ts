import * as z from 'zod';

/**
 * Controls, marks of direction, joiners, soft hyphens, and unusual spaces. Such an ID looks like another one: an opt-out would go to an
 * account that does not exist.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|^ | $/u;
/** A long number as spreadsheets shorten it, "4.15556E+10": its last digits are lost. */
const SCIENTIFIC = /^\d(?:[.,]\d{1,30})?E\+\d{1,3}$/i;

export function hasInvisible(id: string): boolean {
  return INVISIBLE.test(id) || !id.isWellFormed();
}

/** A text in quotes with invisible characters written out: safe on a terminal, whatever a file contains. */
export function quoted(text: string, maxLength = 60): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  const hidden = new RegExp(`(?:${INVISIBLE.source})|\\p{Cs}|\\p{Co}`, 'gu');
  return JSON.stringify(cut).replace(hidden, (one) => (one === ' ' ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`));
}

export function plainId(what: string) {
  return (schema: z.ZodString) =>
    schema
      .refine((id) => !hasInvisible(id), `${what} without invisible characters`)
      .refine((id) => !SCIENTIFIC.test(id), `${what} in full, not as a spreadsheet shortens it ("4.15556E+10")`);
}

/** Names that every JavaScript object inherits: libraries misread a device with such an ID. */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Refuses property names that a record would drop or misread, before it is parsed. */
export function withPlainKeys<Record extends z.ZodType>(record: Record) {
  return z.preprocess((value, context) => {
    const names = typeof value === 'object' && value !== null ? Object.getOwnPropertyNames(value) : [];
    for (const name of names.filter(isInherited))
      context.issues.push({
        code: 'custom',
        message: 'another device id: this name has a meaning of its own',
        path: [name],
        input: undefined,
      });
    return value;
  }, record);
}
