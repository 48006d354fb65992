import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Notification } from '../schemas/notification.ts';
import type { Profile } from '../schemas/profile.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';

/** Where to look, in order. Totogi's customProperties are looked into once its client exists; until then such a source has nothing. */
type Sources = TenantConfiguration['contacts'];
type About = Pick<Notification, 'device'>;

/**
 * The phone number a notification concerns. `profile`: the device's own entry first, then the account's. `device`: the device id, where
 * that is a possible E.164 number, since operators often name a device by its MSISDN.
 *
 * @returns undefined when there is no number to send to.
 */
export function findPhone({ device }: About, profile: Profile | undefined, sources: Sources): string | undefined {
  return firstOf(sources, (source) => {
    if (source === 'profile') return deviceEntry(device, profile)?.phone ?? profile?.phone;
    return source === 'device' && device !== undefined ? possibleNumber(device) : undefined;
  });
}

/** The email address a notification concerns: the device's own first, then the account's. A device id is never one. */
export function findEmail({ device }: About, profile: Profile | undefined, sources: Sources): string | undefined {
  return firstOf(sources, (source) => (source === 'profile' ? (deviceEntry(device, profile)?.email ?? profile?.email) : undefined));
}

/** The language of whoever has the device, else of the account. */
export function findLanguage({ device }: About, profile: Profile | undefined): string | undefined {
  return deviceEntry(device, profile)?.language ?? profile?.language;
}

/** The country (ISO 3166-1) that a number belongs to; undefined where several share its prefix and nothing tells them apart. */
export function countryOfPhone(phone: string): string | undefined {
  return parsePhoneNumberFromString(phone)?.country;
}

function firstOf(sources: Sources, look: (source: Sources[number]) => string | undefined): string | undefined {
  for (const source of sources) {
    const found = look(source);
    if (found !== undefined) return found;
  }
  return undefined;
}

function deviceEntry(device: string | undefined, profile: Profile | undefined) {
  return device !== undefined && profile?.devices && Object.hasOwn(profile.devices, device) ? profile.devices[device] : undefined;
}

function possibleNumber(device: string): string | undefined {
  if (!/^\+?[1-9]\d{6,14}$/.test(device)) return undefined;
  const parsed = parsePhoneNumberFromString(device.startsWith('+') ? device : `+${device}`);
  return parsed?.isPossible() ? parsed.number : undefined;
}
