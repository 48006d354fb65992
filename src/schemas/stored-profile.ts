import * as z from 'zod';
import type { Profile } from './profile.ts';

// Records only gain fields, and outlive the rules by which they were written: reading one asks for its shape, not for today's rules.
const text = z.string().exactOptional();
const StoredConsent = z.object({ given: z.boolean(), source: z.string(), at: z.string() });
const StoredConsents = z.object({ sms: StoredConsent.exactOptional(), email: StoredConsent.exactOptional() });

/** What a change did, as the account's history keeps it: names of fields and consents, never a number, an address or a name. */
export const ProfileChange = z.object({
  /** Counts the changes of an account's profile, from 1. */
  version: z.int(),
  change: z.enum(['created', 'changed', 'erased']),
  /** RFC 3339. */
  at: z.string(),
  /** By what way it came: `api`, `import`, `sms-stop`. */
  source: z.string(),
  /** Who asked, where known: the client or user id of a token. */
  by: text,
  /** The fields that are not as before. */
  fields: z.array(z.string()),
  /** The consents that are not as before, as they stand after it. */
  consents: z.array(z.object({ class: z.enum(['service', 'marketing']), channel: z.enum(['sms', 'email']), ...StoredConsent.shape })),
});
export type ProfileChange = z.infer<typeof ProfileChange>;

const StoredDevice = z.object({ device: z.string(), phone: text, email: text, language: text });

/** A profile as it stands on record. */
export const StoredProfile = z.object({
  name: text,
  phone: text,
  email: text,
  language: text,
  country: text,
  region: text,
  timeZone: text,
  /** A list, since the database's client misreads some names of keys. */
  devices: z
    .array(StoredDevice)
    .transform((devices) => Object.fromEntries(devices.map(({ device, ...contact }) => [device, contact])))
    .exactOptional(),
  consents: z.object({ service: StoredConsents.exactOptional(), marketing: StoredConsents.exactOptional() }).exactOptional(),
  /** The number of its last change; 0 for a record from before there was a history. */
  version: z.int().default(0),
  /** When the personal data was erased, where nobody has set any since. */
  erasedAt: text,
  /** The last change. It is written with the profile, so that no crash can part the two; its own record follows. */
  lastChange: ProfileChange.exactOptional(),
  /** Hashes of the numbers that the last change took away: their look-ups are to be removed. */
  staleLookups: z.array(z.string()).exactOptional(),
});
export type StoredProfile = z.infer<typeof StoredProfile>;

/** A profile as the table keeps it. */
export function storedItem({ devices, ...stored }: StoredProfile) {
  return { ...stored, ...(devices && { devices: Object.entries(devices).map(([device, contact]) => ({ device, ...contact })) }) };
}

/** The profile that a record holds. */
export function profileOf(stored: StoredProfile): Profile {
  const { version, erasedAt, lastChange, staleLookups, ...profile } = stored;
  return profile;
}
