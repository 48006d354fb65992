import * as z from 'zod';
import type { Profile } from './profile.ts';

// Records only gain fields, and outlive the rules that they were written by: parsing checks their shape, not today's rules.
const text = z.string().exactOptional();
const StoredConsent = z.object({ given: z.boolean(), source: z.string(), at: z.string() });
const StoredConsents = z.object({ sms: StoredConsent.exactOptional(), email: StoredConsent.exactOptional() });

/** One entry of the profile's history: names of fields and consents, never a number, an address or a name. */
export const ProfileChange = z.object({
  /** Counts the changes of an account's profile, from 1. */
  version: z.int(),
  change: z.enum(['created', 'changed', 'erased']),
  /** RFC 3339. */
  at: z.string(),
  /** `api`, `import` or `sms-stop`. */
  source: z.string(),
  by: text,
  fields: z.array(z.string()),
  /** The changed consents, as they are after the change. */
  consents: z.array(z.object({ class: z.enum(['service', 'marketing']), channel: z.enum(['sms', 'email']), ...StoredConsent.shape })),
});
export type ProfileChange = z.infer<typeof ProfileChange>;

const StoredDevice = z.object({ device: z.string(), phone: text, email: text, language: text });

export const StoredProfile = z.object({
  name: text,
  phone: text,
  email: text,
  language: text,
  country: text,
  region: text,
  timeZone: text,
  /** A list, since the database client misreads some names as keys. */
  devices: z
    .array(StoredDevice)
    .transform((devices) => Object.fromEntries(devices.map(({ device, ...contact }) => [device, contact])))
    .exactOptional(),
  consents: z.object({ service: StoredConsents.exactOptional(), marketing: StoredConsents.exactOptional() }).exactOptional(),
  /** The number of its last change. */
  version: z.int(),
  /** When the personal data was erased, if none has been set since. */
  erasedAt: text,
  /** Written with the profile, so that no crash can separate the two. Its own record follows. */
  lastChange: ProfileChange.exactOptional(),
  /** Hashes of the numbers that the last change removed: their look-ups must be deleted. */
  staleLookups: z.array(z.string()).exactOptional(),
});
export type StoredProfile = z.infer<typeof StoredProfile>;

export function storedItem({ devices, ...stored }: StoredProfile) {
  return { ...stored, ...(devices && { devices: Object.entries(devices).map(([device, contact]) => ({ device, ...contact })) }) };
}

export function profileOf(stored: StoredProfile): Profile {
  const { version, erasedAt, lastChange, staleLookups, ...profile } = stored;
  return profile;
}
