import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Notification } from '../schemas/notification.ts';
import { canonicalPhone, parseMachinePhone } from '../schemas/phone-number.ts';
import { EmailAddress, type Profile } from '../schemas/profile.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';

/** Where to look, in order. */
type Sources = TenantConfiguration['contacts'];
/** Where a tenant's numbers are looked for, in order, and what it says of those that come with events. */
type NumberSettings = Pick<TenantConfiguration, 'contacts' | 'deviceIds' | 'country'>;
type Properties = Record<string, unknown>;
/** Whom it concerns, with the customProperties of Totogi's account where they are known. */
type About = Pick<Notification, 'device'> & { customProperties?: Properties | undefined };

/**
 * The phone number a notification concerns, in its canonical form. `profile`: the device's own entry first, then the account's. `device`:
 * the device id, where the tenant says that these are numbers and this is one. `customProperties`: what stands at the tenant's path.
 *
 * @returns undefined when there is no number to send to.
 */
export function findPhone(about: About, profile: Profile | undefined, settings: NumberSettings): string | undefined {
  const { device, customProperties } = about;
  return firstOf(settings.contacts, (source) => {
    if (source === 'profile') return phoneInProfile(device, profile);
    if (source === 'device') return phoneOfDevice(device, settings);
    return parseMachinePhone(textAt(customProperties, source.customProperties.phone) ?? '', settings.country)?.phone;
  });
}

/** Whether there is a device id that would be the contact, if it were known to be a phone number. */
export function isUnreadDevice({ device }: About, settings: NumberSettings): boolean {
  return device !== undefined && settings.contacts.includes('device') && phoneOfDevice(device, settings) === undefined;
}

/** The email address a notification concerns: the device's own first, then the account's. A device id is never one. */
export function findEmail(about: About, profile: Profile | undefined, { contacts }: Pick<NumberSettings, 'contacts'>): string | undefined {
  const { device, customProperties } = about;
  return firstOf(contacts, (source) => {
    if (source === 'profile') return deviceEntry(device, profile)?.email ?? profile?.email;
    return source === 'device' ? undefined : EmailAddress.safeParse(textAt(customProperties, source.customProperties.email)).data;
  });
}

/** The sources that come before the first look into Totogi's account, or undefined where the tenant does not look there. */
export function sourcesBeforeTotogi(sources: Sources): Sources | undefined {
  const first = sources.findIndex((source) => typeof source === 'object');
  return first < 0 ? undefined : sources.slice(0, first);
}

/** The language of whoever has the device, else of the account. */
export function findLanguage({ device }: About, profile: Profile | undefined): string | undefined {
  return deviceEntry(device, profile)?.language ?? profile?.language;
}

/** The country (ISO 3166-1) that a number belongs to; undefined where several share its prefix and nothing tells them apart. */
export function countryOfPhone(phone: string): string | undefined {
  return parsePhoneNumberFromString(phone)?.country;
}

/** The text at a path such as `contact.phone`; a number of digits is text too. */
function textAt(properties: Properties | undefined, path: string | undefined): string | undefined {
  const value = path?.split('.').reduce<unknown>(ownProperty, properties);
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
}

function ownProperty(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name) ? Reflect.get(holder, name) : undefined;
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

function phoneInProfile(device: string | undefined, profile: Profile | undefined): string | undefined {
  const phone = deviceEntry(device, profile)?.phone ?? profile?.phone;
  return phone === undefined ? undefined : canonicalPhone(phone);
}

function phoneOfDevice(device: string | undefined, { deviceIds, country }: NumberSettings): string | undefined {
  return device === undefined || deviceIds !== 'msisdn' ? undefined : parseMachinePhone(device, country)?.phone;
}
