import * as z from 'zod';
import { mergeConsents } from '../../src/rules/profile-changes.ts';
import { issueFaults } from '../../src/schemas/issue-fault.ts';
import { Profile } from '../../src/schemas/profile.ts';

/** What is wrong in a row: which column, and what it may be. It never holds the value. */
export type RowFault = { column: string; detail: string };

/** A row of the file: what it says of which account, or what is wrong with it. Lines count from 1. */
export type ImportRow = { line: number; account: string; says: Profile } | { line: number; faults: RowFault[] };

/** A file that cannot be read as a whole, or not from some line on. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const Account = z
  .string()
  .min(1, 'an account')
  .refine((account) => !account.includes('#'), 'an account, without "#"');
const Line = z.strictObject({ account: Account, ...Profile.shape });

/**
 * Reads what a row says, by the schema of profiles.
 *
 * @param columnOf names the column of a field for a fault.
 * @param now milliseconds since the epoch: a consent from the future would stand against every withdrawal until then.
 */
export function readRow(
  line: number,
  value: unknown,
  { columnOf, now }: { columnOf: (path: PropertyKey[]) => string; now: number },
): ImportRow {
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap(issueFaults).map(({ path, detail }) => ({ column: columnOf(path), detail }));
    return { line, faults };
  }
  const { account, ...says } = parsed.data;
  const faults = futureConsents(says, now).map((path) => ({ column: columnOf(path), detail: 'expected a time that has passed' }));
  return faults.length > 0 ? { line, faults } : { line, account, says };
}

function futureConsents({ consents = {} }: Profile, now: number): PropertyKey[][] {
  return Object.entries(consents).flatMap(([messageClass, channels]) =>
    Object.entries(channels ?? {}).flatMap(([channel, consent]) =>
      consent && Date.parse(consent.at) > now ? [['consents', messageClass, channel, 'at']] : [],
    ),
  );
}

/**
 * A number in its E.164 form where a row writes it for people to read: `+1 (415) 555-0123`. Without country code, or with a trunk prefix
 * as in `+44 (0)20 …`, it could be more than one number, and stays as it is for the schema to refuse.
 */
export function plainPhone(phone: string): string {
  return /^\+[\d\s().-]+$/.test(phone) && !/\(0+\)/.test(phone) ? phone.replaceAll(/[^+\d]/g, '') : phone;
}

/** A profile with what a row says: what the row leaves out stays, devices are merged one by one, of consents the later one stands. */
export function mergeProfiles(standing: Profile, says: Profile): Profile {
  const devices = { ...standing.devices };
  for (const [device, contact] of Object.entries(says.devices ?? {})) devices[device] = { ...devices[device], ...contact };
  return { ...standing, ...says, devices, consents: mergeConsents(standing.consents, says.consents) };
}
