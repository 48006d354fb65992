import * as z from 'zod';
import { Language } from './tenant-configuration.ts';

/** A phone number as the networks take it: "+", country code and number, 15 digits at most (ITU-T E.164). */
export const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'a phone number in E.164 form, such as "+14155550123"');

/** How to reach a subscriber: the account's own contact, and one per device where they differ. */
export const Profile = z.object({
  phone: PhoneNumber.optional(),
  language: Language.optional(),
  devices: z.record(z.string(), z.object({ phone: PhoneNumber.optional() })).optional(),
});
export type Profile = z.infer<typeof Profile>;
