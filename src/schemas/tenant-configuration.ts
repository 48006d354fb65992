import * as z from 'zod';
import { boundedRecord, oneLine } from './bounds.ts';
import { CounterRule } from './counter-rule.ts';
import { Country } from './country.ts';
import { DEVICE_NUMBER_SETTINGS } from './device-number-settings.ts';
import { FromAddress } from './from-address.ts';
import { Language } from './language.ts';
import { MarketingCaps, MarketingHours } from './marketing-rules.ts';
import { MessageClass } from './message-class.ts';
import { TenantId } from './notification.ts';
import { TotogiSettings } from './totogi-settings.ts';
import { TwoWayNumber } from './two-way-number.ts';
import { Workflows } from './workflow-settings.ts';

/** SNS: 1 to 11 letters, digits or hyphens, with at least one letter. */
const SenderId = z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, '1 to 11 letters, digits or "-", at least one letter');

/** Each id is a record in the transaction that publishes, which takes a hundred. */
export const MAX_SENDER_IDS = 12;
const MAX_COUNTRIES = 250;
const MAX_NUMBERS = 10;

/** Each text of the last day stands in its number's item: a thousand of them are about 20 kB, which every further one writes again. */
const MAX_TEXTS = 1_000;

/** How many texts go in any hour and any day, whatever the messages are; what the law requires goes beyond them. */
const textLimit = (perHour: number, perDay: number) =>
  z.strictObject({ perHour: z.int().min(1).max(MAX_TEXTS).default(perHour), perDay: z.int().min(1).max(MAX_TEXTS).default(perDay) });
const SmsLimits = z.strictObject({
  number: textLimit(10, 30).prefault({}),
  account: textLimit(10, 30).prefault({}),
  /** In a day of UTC, to all subscribers together. */
  tenantPerDay: z.int().min(1).max(100_000_000).default(10_000),
});
export type SmsLimits = z.infer<typeof SmsLimits>;

const SmsSettings = z.strictObject({
  /** The countries whose numbers are texted; without them the tenant's own. */
  countries: z.array(Country).min(1).max(MAX_COUNTRIES).optional(),
  limits: SmsLimits.prefault({}),
  /** Shown as the sender, by country; `senderId` for all others. */
  senderIds: boundedRecord(Country, SenderId, MAX_COUNTRIES).default({}),
  /** The most that a whole text may cost, in US dollars, however many parts it has. */
  maxPriceUsd: z.number().positive().max(100).optional(),
  /** India: the principal entity's id, registered before sending (DLT). */
  dltEntityId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,50}$/, '1 to 50 letters or digits')
    .optional(),
  /** The two-way numbers that are this tenant's: a text to one of them is meant for it. */
  numbers: z.array(TwoWayNumber).max(MAX_NUMBERS).default([]),
});

const EmailSettings = z.strictObject({
  /** By class; without one for its class an email is refused. */
  from: z.partialRecord(MessageClass, FromAddress).default({}),
  /** The SES configuration set by class. */
  configurationSets: z
    .partialRecord(MessageClass, z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, "-" or "_"'))
    .default({}),
});

/** What messages cost, for the figures of offers. */
export const MessagePrices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"'),
  /** One part of a text, on average over the countries it goes to. */
  smsPart: z.number().min(0).max(1_000).optional(),
  email: z.number().min(0).max(1_000).optional(),
});
export type MessagePrices = z.infer<typeof MessagePrices>;

const PropertyPath = oneLine(200);
const MAX_CONTACT_SOURCES = 10;

/** Where a contact may be found, in the order of looking. */
const ContactSource = z.union([
  z.enum(['profile', 'device']),
  z.strictObject({
    customProperties: z
      .strictObject({ phone: PropertyPath.optional(), email: PropertyPath.optional() })
      .refine(({ phone, email }) => phone !== undefined || email !== undefined, 'a path for phone, for email, or for both'),
  }),
]);

const MAX_RETENTION_DAYS = 3_650;
/** A run may begin a week after its event and last 60 days, and what it did must be known for as long. */
const MIN_RETENTION_DAYS = 90;
const MIN_QUARANTINE_DAYS = 14;
const retentionDays = (shortest: number) => z.int().min(shortest).max(MAX_RETENTION_DAYS).optional();

/** For how many days records are kept after they were made; those of a class that is not named are kept for good. */
const Retention = z.strictObject({
  /** Events, and the runs that they started. */
  eventsDays: retentionDays(MIN_RETENTION_DAYS),
  /** Messages, with the numbers, addresses and texts on them. */
  messagesDays: retentionDays(MIN_RETENTION_DAYS),
  /** Events that could not be recorded, with their own words. */
  quarantineDays: retentionDays(MIN_QUARANTINE_DAYS),
  /** Issues of offers. What is counted of them by day names nobody and stays. */
  offersDays: retentionDays(MIN_RETENTION_DAYS),
});

const MAX_LANGUAGES = 50;
const MAX_COUNTER_RULES = 50;

/** What a tenant's marketing people decide: `config/tenants/<tenant>.yml`. Nothing here can reach another tenant or spend without limit. */
const MARKETING_FIELDS = {
  /** The name subscribers know, used in messages. */
  name: oneLine(40),
  language: Language.default('en'),
  /** ISO 4217; without it no message names an amount of money. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"')
    .optional(),
  /** The languages that every template must exist in, `language` among them. */
  languages: z.array(Language).max(MAX_LANGUAGES).default([]),
  /** Without it nobody says what an offer's messages cost. */
  messagePrices: MessagePrices.optional(),
  /** When marketing may go out. Nothing configured, nothing goes. */
  hours: MarketingHours.prefault({}),
  caps: MarketingCaps.prefault({}),
  /** A notification older than this when it is received is recorded and starts nothing. */
  staleAfterHours: z
    .number()
    .positive()
    .max(24 * 30)
    .default(48),
  workflows: Workflows.prefault({}),
  /** Read in order, before the defaults: the first rule that knows both name and state decides. */
  counters: z.array(CounterRule).max(MAX_COUNTER_RULES).default([]),
};

/** What only the service's operators decide for a tenant: `config/operations/<tenant>.yml`. */
const OPERATIONS_FIELDS = {
  ...DEVICE_NUMBER_SETTINGS,
  senderId: SenderId.optional(),
  sms: SmsSettings.prefault({}),
  email: EmailSettings.prefault({}),
  contacts: z.array(ContactSource).min(1).max(MAX_CONTACT_SOURCES).default(['profile', 'device']),
  /** Totogi's API. Without it nothing is asked there. */
  totogi: TotogiSettings.optional(),
  retention: Retention.prefault({}),
};

const tenant = TenantId;
export const MarketingSettings = z.strictObject({ tenant, ...MARKETING_FIELDS });
export const OperationsSettings = z.strictObject({ tenant, ...OPERATIONS_FIELDS });

/** All that is decided for one tenant: both documents as one. */
export const TenantConfiguration = z.strictObject({ tenant, ...MARKETING_FIELDS, ...OPERATIONS_FIELDS });
export type TenantConfiguration = z.infer<typeof TenantConfiguration>;

/** The countries whose numbers a tenant texts: none where it names neither them nor its own. */
export function textedCountries({ sms, country }: Pick<TenantConfiguration, 'sms' | 'country'>): string[] {
  return sms.countries ?? (country === undefined ? [] : [country]);
}
