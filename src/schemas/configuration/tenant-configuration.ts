import * as z from 'zod';
import { TenantId } from '../event/notification.ts';
import { MessageClass } from '../message/message-class.ts';
import { Country } from '../profile/country.ts';
import { Language } from '../profile/language.ts';
import { Workflows } from '../run/workflow.ts';
import { boundedRecord, oneLine } from './bounds.ts';
import { CounterRule } from './counter-rule.ts';
import { DEVICE_NUMBER_SETTINGS } from './device-number-settings.ts';
import { FromAddress } from './from-address.ts';
import { MarketingCaps, MarketingHours } from './marketing-rules.ts';
import { TotogiSettings } from './totogi-settings.ts';
import { TwoWayNumber } from './two-way-number.ts';

/** SNS: 1 to 11 letters, digits or hyphens, with at least one letter. */
const SenderId = z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, '1 to 11 letters, digits or "-", at least one letter');

/** Each ID is a record in the transaction that publishes, which takes at most a hundred. */
export const MAX_SENDER_IDS = 12;
const MAX_COUNTRIES = 250;
const MAX_NUMBERS = 10;

/** Each text of the last day is in its number's item: a thousand are about 20 kB, and each further text writes them again. */
const MAX_TEXTS = 1_000;

/** The most texts in any hour and any day. Regulatory texts are not limited. */
const textLimit = (perHour: number, perDay: number) =>
  z.strictObject({ perHour: z.int().min(1).max(MAX_TEXTS).default(perHour), perDay: z.int().min(1).max(MAX_TEXTS).default(perDay) });
const SmsLimits = z.strictObject({
  number: textLimit(10, 30).prefault({}),
  account: textLimit(10, 30).prefault({}),
  /** Per UTC day, to all subscribers together. */
  tenantPerDay: z.int().min(1).max(100_000_000).default(10_000),
});
export type SmsLimits = z.infer<typeof SmsLimits>;

const SmsSettings = z.strictObject({
  countries: z.array(Country).min(1).max(MAX_COUNTRIES).optional(),
  limits: SmsLimits.prefault({}),
  /** By country; `senderId` is for all others. */
  senderIds: boundedRecord(Country, SenderId, MAX_COUNTRIES).default({}),
  /** The highest price of a whole text, in US dollars, however many parts it has. */
  maxPriceUsd: z.number().positive().max(100).optional(),
  /** India: the principal entity's ID, registered before sending (DLT). */
  dltEntityId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,50}$/, '1 to 50 letters or digits')
    .optional(),
  /** This tenant's two-way numbers: a text to one of them is for this tenant. */
  numbers: z.array(TwoWayNumber).max(MAX_NUMBERS).default([]),
});

const EmailSettings = z.strictObject({
  /** By class. A class without an address sends no email. */
  from: z.partialRecord(MessageClass, FromAddress).default({}),
  configurationSets: z
    .partialRecord(MessageClass, z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, "-" or "_"'))
    .default({}),
});

export const MessagePrices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"'),
  /** One part of a text, on average over the countries it goes to. */
  smsPart: z.number().min(0).max(1_000).optional(),
  email: z.number().min(0).max(1_000).optional(),
});
export type MessagePrices = z.infer<typeof MessagePrices>;

const PropertyPath = oneLine(200);
const MAX_CONTACT_SOURCES = 10;

const ContactSource = z.union([
  z.enum(['profile', 'device']),
  z.strictObject({
    customProperties: z
      .strictObject({ phone: PropertyPath.optional(), email: PropertyPath.optional() })
      .refine(({ phone, email }) => phone !== undefined || email !== undefined, 'a path for phone, for email, or for both'),
  }),
]);

const MAX_RETENTION_DAYS = 3_650;
/** A run may start a week after its event and last 60 days, and its records are needed for that long. */
const MIN_RETENTION_DAYS = 90;
const MIN_QUARANTINE_DAYS = 14;
const retentionDays = (shortest: number) => z.int().min(shortest).max(MAX_RETENTION_DAYS).optional();

/** For how many days records are kept. Without a value they never expire. */
const Retention = z.strictObject({
  eventsDays: retentionDays(MIN_RETENTION_DAYS),
  messagesDays: retentionDays(MIN_RETENTION_DAYS),
  quarantineDays: retentionDays(MIN_QUARANTINE_DAYS),
  /** Offer records. Their daily counts contain no personal data and stay. */
  offersDays: retentionDays(MIN_RETENTION_DAYS),
});

const MAX_LANGUAGES = 50;
const MAX_COUNTER_RULES = 50;

/** What a tenant's marketing people decide: `config/tenants/<tenant>.yml`. Nothing here can reach another tenant or spend without limit. */
const MARKETING_FIELDS = {
  name: oneLine(40),
  language: Language.default('en'),
  /** ISO 4217. Without it, messages contain no amounts of money. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"')
    .optional(),
  /** The languages that every template must have, including `language`. */
  languages: z.array(Language).max(MAX_LANGUAGES).default([]),
  /** Without it, offers have no cost figures. */
  messagePrices: MessagePrices.optional(),
  /** When marketing may go out. Without configuration, none goes. */
  hours: MarketingHours.prefault({}),
  caps: MarketingCaps.prefault({}),
  /** A notification older than this on receipt is recorded and starts nothing. */
  staleAfterHours: z
    .number()
    .positive()
    .max(24 * 30)
    .default(48),
  workflows: Workflows.prefault({}),
  /** In order, before the defaults: the first rule for both name and state decides. */
  counters: z.array(CounterRule).max(MAX_COUNTER_RULES).default([]),
};

/** What only the service's operators decide for a tenant: `config/operations/<tenant>.yml`. */
const OPERATIONS_FIELDS = {
  ...DEVICE_NUMBER_SETTINGS,
  senderId: SenderId.optional(),
  sms: SmsSettings.prefault({}),
  email: EmailSettings.prefault({}),
  contacts: z.array(ContactSource).min(1).max(MAX_CONTACT_SOURCES).default(['profile', 'device']),
  totogi: TotogiSettings.optional(),
  retention: Retention.prefault({}),
};

const tenant = TenantId;
export const MarketingSettings = z.strictObject({ tenant, ...MARKETING_FIELDS });
export const OperationsSettings = z.strictObject({ tenant, ...OPERATIONS_FIELDS });

/** Both documents as one. */
export const TenantConfiguration = z.strictObject({ tenant, ...MARKETING_FIELDS, ...OPERATIONS_FIELDS });
export type TenantConfiguration = z.infer<typeof TenantConfiguration>;

/** Empty if the tenant has neither countries for texts nor its own country. */
export function textedCountries({ sms, country }: Pick<TenantConfiguration, 'sms' | 'country'>): string[] {
  return sms.countries ?? (country === undefined ? [] : [country]);
}
