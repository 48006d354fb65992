import * as z from 'zod';
import { mergeConsents } from '../../src/rules/profile-changes.ts';
import { parseContactPhone } from '../../src/schemas/phone-number.ts';
import { plainId } from '../../src/schemas/plain-id.ts';
import { Profile } from '../../src/schemas/profile.ts';
import { schemaFaults } from '../../src/schemas/schema-fault.ts';

/** What is wrong in a row: which column, and what it may be. It never holds the value. */
export type RowFault = { column: string; detail: string };

/** A row of the file: what it says of which account, with notes on what was corrected in it, or what is wrong with it. Lines count from 1. */
export type ImportRow = { line: number; account: string; changes: Profile; notes: RowFault[] } | { line: number; faults: RowFault[] };

/** A file that cannot be read as a whole, or not from some line on. */
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
 * Reads what a row says, by the schema of profiles.
 *
 * @param columnOf names the column of a field for a fault.
 * @param now milliseconds since the epoch: a consent from the future would stand against every withdrawal until then.
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

/** Numbers that were not taken digit by digit, as those with a trunk zero: people should know, and fix their list. */
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

/** A profile with what a row says: what the row leaves out stays, devices are merged one by one, of consents the later one stands. */
export function mergeProfiles(known: Profile, changes: Profile): Profile {
  const devices = new Map(Object.entries(known.devices ?? {}));
  for (const [device, contact] of Object.entries(changes.devices ?? {})) devices.set(device, { ...devices.get(device), ...contact });
  return { ...known, ...changes, devices: Object.fromEntries(devices), consents: mergeConsents(known.consents, changes.consents) };
}
