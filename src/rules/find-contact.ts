import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Notification } from '../schemas/notification.ts';
import { canonicalPhone, parseMachinePhone } from '../schemas/phone-number.ts';
import { EmailAddress, type Profile } from '../schemas/profile.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';

type Sources = TenantConfiguration['contacts'];
type NumberSettings = Pick<TenantConfiguration, 'contacts' | 'deviceIds' | 'country'>;
type Properties = Record<string, unknown>;
type About = Pick<Notification, 'device'> & { customProperties?: Properties | undefined };

/**
 * The phone number for a notification, in canonical form. `profile`: the device's own entry first, then the account's. `device`: the device
 * ID, if the tenant's device IDs are phone numbers and this is one. `customProperties`: the value at the tenant's path.
 *
 * @returns undefined if there is no number.
 */
export function findPhone(about: About, profile: Profile | undefined, settings: NumberSettings): string | undefined {
  const { device, customProperties } = about;
  return firstOf(settings.contacts, (source) => {
    if (source === 'profile') return phoneInProfile(device, profile);
    if (source === 'device') return phoneOfDevice(device, settings);
    return parseMachinePhone(textAt(customProperties, source.customProperties.phone) ?? '', settings.country)?.phone;
  });
}

/** Whether the device ID would be the contact if it were known to be a phone number. */
export function isUnreadDevice({ device }: About, settings: NumberSettings): boolean {
  return device !== undefined && settings.contacts.includes('device') && phoneOfDevice(device, settings) === undefined;
}

/** The device's own address first, then the account's. A device ID is never an address. */
export function findEmail(about: About, profile: Profile | undefined, { contacts }: Pick<NumberSettings, 'contacts'>): string | undefined {
  const { device, customProperties } = about;
  return firstOf(contacts, (source) => {
    if (source === 'profile') return deviceEntry(device, profile)?.email ?? profile?.email;
    return source === 'device' ? undefined : EmailAddress.safeParse(textAt(customProperties, source.customProperties.email)).data;
  });
}

/** The sources before the first that needs Totogi's account, or undefined if none does. */
export function sourcesBeforeTotogi(sources: Sources): Sources | undefined {
  const first = sources.findIndex((source) => typeof source === 'object');
  return first < 0 ? undefined : sources.slice(0, first);
}

export function findLanguage({ device }: About, profile: Profile | undefined): string | undefined {
  return deviceEntry(device, profile)?.language ?? profile?.language;
}

/** ISO 3166-1; undefined if several countries share the prefix and the number fits more than one. */
export function countryOfPhone(phone: string): string | undefined {
  return parsePhoneNumberFromString(phone)?.country;
}

/** A number counts as text: Totogi may store a phone number as one. */
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
