import * as z from 'zod';
import { plainId, withPlainKeys } from '../event/plain-id.ts';
import { Channel } from '../message/channel.ts';
import { MessageClass } from '../message/message-class.ts';
import { ExistingCountry, Region } from './country.ts';
import { Language } from './language.ts';
import { E164Number, PhoneNumber } from './phone-number.ts';
import { TimeZone } from './time-zone.ts';

/** The limits of mail servers: 64 characters before the "@", labels of 63 after it, 254 in all (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4). */
const ADDRESS =
  /^(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z]{2,63}|xn--[A-Za-z0-9-]{0,58}[A-Za-z0-9])$/;
export const EmailAddress = z.email({ pattern: ADDRESS, error: 'an email address such as "ada@example.com"' }).max(254);

export const Consent = z.strictObject({ given: z.boolean(), source: z.string().min(1).max(100), at: z.iso.datetime({ offset: true }) });
export type Consent = z.infer<typeof Consent>;

/** By class and channel. Regulatory messages need no consent and have no opt-out. */
export const Consents = z.partialRecord(MessageClass.exclude(['regulatory']), z.partialRecord(Channel, Consent));
export type Consents = z.infer<typeof Consents>;

const DeviceContact = z.strictObject({ phone: PhoneNumber.optional(), email: EmailAddress.optional(), language: Language.optional() });

/** The account's own contact, and one per device where they differ. */
export const Profile = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  phone: PhoneNumber.optional(),
  email: EmailAddress.optional(),
  language: Language.optional(),
  country: ExistingCountry.optional(),
  region: Region.optional(),
  timeZone: TimeZone.optional(),
  devices: withPlainKeys(z.record(plainId('a device id')(z.string().min(1)), DeviceContact)).optional(),
  consents: Consents.optional(),
});
export type Profile = z.infer<typeof Profile>;

/** Looser than `Profile`: a stored value may break a rule that is newer. */
export const ProfileReply = z.strictObject({
  ...Profile.shape,
  phone: E164Number.optional(),
  email: z.string().optional(),
  country: z.string().optional(),
  timeZone: z.string().optional(),
  devices: z
    .record(z.string(), z.strictObject({ ...DeviceContact.shape, phone: E164Number.optional(), email: z.string().optional() }))
    .optional(),
});
