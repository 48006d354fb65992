import * as z from 'zod';
import { schemaFaults } from '../../src/platform/schema-fault.ts';
import { mergeConsents } from '../../src/profiles/profile-changes.ts';
import { plainId } from '../../src/schemas/event/plain-id.ts';
import { parseContactPhone } from '../../src/schemas/profile/phone-number.ts';
import { Profile } from '../../src/schemas/profile/profile.ts';

/** The column and its allowed values, never the value. */
export type RowFault = { column: string; detail: string };

/** `notes` are corrections. Lines count from 1. */
export type ImportRow = { line: number; account: string; changes: Profile; notes: RowFault[] } | { line: number; faults: RowFault[] };

/** A file that cannot be read at all, or not beyond some line. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const Account = plainId('an account')(
  z
    .string()
    .min(1, 'an account')
    .refine((account) => !account.includes('#'), 'an account, without "#"'),
);
const Line = z.strictObject({ account: Account, ...Profile.shape });

/**
 * Parses a row by the schema of profiles.
 *
 * @param columnOf returns the column of a field, for a fault.
 * @param now milliseconds since the epoch: a consent from the future would override every opt-out until then.
 */
export function parseRow(
  line: number,
  value: unknown,
  { columnOf, now }: { columnOf: (path: PropertyKey[]) => string; now: number },
): ImportRow {
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap(schemaFaults).map(({ path, detail }) => ({ column: columnOf(path), detail }));
    return { line, faults };
  }
  const { account, ...changes } = parsed.data;
  const faults = futureConsents(changes, now).map((path) => ({ column: columnOf(path), detail: 'expected a time that has passed' }));
  return faults.length > 0 ? { line, faults } : { line, account, changes, notes: corrections(value, columnOf) };
}

const WrittenPhones = z.object({
  phone: z.string().optional(),
  devices: z.record(z.string(), z.object({ phone: z.string().optional() })).optional(),
});

/** Numbers with changed digits, such as a removed trunk zero: people should know, and fix their list. */
function corrections(value: unknown, columnOf: (path: PropertyKey[]) => string): RowFault[] {
  const { phone, devices = {} } = WrittenPhones.safeParse(value).data ?? {};
  const written: [PropertyKey[], string | undefined][] = [
    [['phone'], phone],
    ...Object.entries(devices).map(([device, contact]): [PropertyKey[], string | undefined] => [
      ['devices', device, 'phone'],
      contact.phone,
    ]),
  ];
  const detail = 'taken in its international form; a trunk prefix was left out, or a digit for mobiles changed';
  return written
    .filter(([, text]) => text !== undefined && parseContactPhone(text)?.isCorrected)
    .map(([path]) => ({ column: columnOf(path), detail }));
}

function futureConsents({ consents = {} }: Profile, now: number): PropertyKey[][] {
  return Object.entries(consents).flatMap(([messageClass, channels]) =>
    Object.entries(channels ?? {}).flatMap(([channel, consent]) =>
      consent && Date.parse(consent.at) > now ? [['consents', messageClass, channel, 'at']] : [],
    ),
  );
}

/** Fields that the row leaves out stay, devices are merged one by one, and the later consent wins. */
export function mergeProfiles(known: Profile, changes: Profile): Profile {
  const devices = new Map(Object.entries(known.devices ?? {}));
  for (const [device, contact] of Object.entries(changes.devices ?? {})) devices.set(device, { ...devices.get(device), ...contact });
  return { ...known, ...changes, devices: Object.fromEntries(devices), consents: mergeConsents(known.consents, changes.consents) };
}
