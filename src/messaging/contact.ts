import { HOUR, MINUTE } from '../platform/duration.ts';
import { isoTime } from '../platform/time.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { Notification } from '../schemas/event/notification.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { NoFactsReason, ReadAccountFacts } from '../schemas/profile/account-facts.ts';
import { canonicalPhone, parseMachinePhone } from '../schemas/profile/phone-number.ts';
import { EmailAddress, type Profile } from '../schemas/profile/profile.ts';
import type { OutgoingMessage } from './delivery.ts';
import type { HeldMessage, NotSentMessage } from './message-records.ts';

const MAX_PAUSE_MILLISECONDS = 30 * MINUTE;
/** Each pause is a quarter of the time waited so far: short after a short outage, long in a long one. */
const PAUSES_PER_WAIT = 4;

type Sources = TenantConfiguration['contacts'];
type NumberSettings = Pick<TenantConfiguration, 'contacts' | 'deviceIds' | 'country'>;
type Properties = Record<string, unknown>;
type About = Pick<Notification, 'device'> & { customProperties?: Properties | undefined };

/** `at` in milliseconds since the epoch. */
export type AskedTotogi = { answer: 'known' | NoFactsReason; at: number };

type ContactRequest = { message: OutgoingMessage; event: RecordedEvent; profile: Profile | undefined; published: PublishedConfiguration };

/** Calls Totogi only when the tenant's configured order of sources gets to it. */
export async function findContact(
  readFacts: ReadAccountFacts,
  { message, event, profile, published }: ContactRequest,
): Promise<{ contact: string | undefined; asked?: AskedTotogi }> {
  const find = message.channel === 'sms' ? findPhone : findEmail;
  const { device } = event.notification;
  const { configuration } = published;
  const before = sourcesBeforeTotogi(configuration.contacts);
  const contact = find({ device }, profile, { ...configuration, contacts: before ?? configuration.contacts });
  if (before === undefined || contact !== undefined) return { contact };
  const read = await readFacts(configuration, message.account);
  const customProperties = read.known ? read.facts.customProperties : undefined;
  const asked: AskedTotogi = { answer: read.known ? 'known' : read.why, at: read.at };
  return { contact: find({ device, customProperties }, profile, configuration), asked };
}

/** Holds a message while Totogi, its source of the contact, does not answer. Gives up after the tenant's `staleAfterHours`. */
export function waitForTotogi(
  known: Omit<MessageRecord, 'state'>,
  { configuration }: PublishedConfiguration,
  at: number,
): HeldMessage | NotSentMessage {
  const since = known.contactAwaitedSince === undefined ? at : Date.parse(known.contactAwaitedSince);
  const waited = at - since;
  if (waited > configuration.staleAfterHours * HOUR) return { ...known, state: 'not-sent', reason: 'contact-unreachable' };
  const pause = Math.min(Math.max(waited / PAUSES_PER_WAIT, MINUTE), MAX_PAUSE_MILLISECONDS);
  const held = { state: 'held', reason: 'contact-unreachable', heldUntil: isoTime(at + pause) } as const;
  return { ...known, ...held, contactAwaitedSince: isoTime(since) };
}

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
