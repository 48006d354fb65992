import * as z from 'zod';
import { Language } from './language.ts';
import { type Channel, MessageClass } from './message.ts';
import { TenantId } from './notification.ts';
import { Offer } from './offer.ts';
import type { WORKFLOWS } from './workflow.ts';

/** The unit a counter's threshold is given in. Money is in the tenant's currency, percent from 0 to 100. */
export const CounterUnit = z.enum(['bytes', 'seconds', 'messages', 'money', 'percent']);
export type CounterUnit = z.infer<typeof CounterUnit>;

/** What a state of a counter means to the subscriber. */
export const CounterMeaning = z.enum(['good', 'low', 'critical']);
export type CounterMeaning = z.infer<typeof CounterMeaning>;

const Pattern = z.string().min(1).max(100).describe('Text to match as a whole, in its letter case; "*" stands for any characters.');

/** What the counters of some names mean. `counts` says whether the threshold is what is left or what has been used. */
export const CounterRule = z.strictObject({
  names: z.array(Pattern).min(1),
  unit: CounterUnit.optional(),
  counts: z.enum(['remaining', 'usage']).default('remaining'),
  states: z.record(Pattern, CounterMeaning),
});
export type CounterRule = z.infer<typeof CounterRule>;

const LONGEST_WAIT_SECONDS = 24 * 60 * 60;
const LONGEST_GRACE_DAYS = 45;

/** What every workflow can be told. */
const workflowSettings = {
  enabled: z.boolean().default(true),
  /** How long to wait before looking whether the message is still true. */
  waitSeconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
};
const WorkflowSettings = z.strictObject(workflowSettings);

/** Several thresholds of one counter within this time give one message, the most severe. */
const quietMinutes = z
  .number()
  .min(0)
  .max(24 * 60)
  .default(10);
const CounterWorkflowSettings = z.strictObject({ ...workflowSettings, quietMinutes });

const PlanExpirySettings = z.strictObject({
  ...workflowSettings,
  /** How long before a plan's end Totogi warns, as set in Plan Design: the event names no end. Without it there is no reminder. */
  leadTimeHours: z
    .number()
    .positive()
    .max(24 * 60)
    .optional(),
  /** When the reminder goes, counted back from the plan's end. */
  reminderHoursBefore: z
    .number()
    .positive()
    .max(24 * 60)
    .default(24),
});

const RenewalFailedSettings = z.strictObject({
  ...workflowSettings,
  /** How long a failed renewal is tried again, as set in Plan Design. Repeats within it are one story. */
  graceDays: z.int().min(1).max(LONGEST_GRACE_DAYS).default(7),
  /** On which days after the first failure to remind. */
  reminderDays: z.array(z.int().min(1).max(LONGEST_GRACE_DAYS)).max(5).default([2]),
});

const RolloverSettings = z.strictObject({
  ...workflowSettings,
  /** The unit of an amount that Totogi sends as a bare number; without it such an amount is not named. */
  unit: CounterUnit.optional(),
});

const RetentionOfferSettings = z.strictObject({
  ...workflowSettings,
  /** How long to wait, when nobody knows whether Totogi changed a plan, before looking whether it did. */
  redemptionWaitMinutes: z
    .number()
    .min(1)
    .max(24 * 60)
    .default(15),
});

const Workflows = z.strictObject({
  'low-allowance': CounterWorkflowSettings.prefault({}),
  'credit-alert': CounterWorkflowSettings.prefault({}),
  'plan-expiry': PlanExpirySettings.prefault({}),
  'win-back': WorkflowSettings.prefault({}),
  'renewal-failed': RenewalFailedSettings.prefault({}),
  'renewal-succeeded': WorkflowSettings.prefault({}),
  rollover: RolloverSettings.prefault({}),
  welcome: WorkflowSettings.prefault({}),
  'retention-offer': RetentionOfferSettings.prefault({}),
} satisfies Record<(typeof WORKFLOWS)[number], z.ZodType>);

/** ISO 3166-1 alpha-2. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code such as "US"');
/** A part of a country that has rules of its own, such as a US state: the second half of its ISO 3166-2 code. */
export const Region = z.string().regex(/^[A-Z0-9]{1,3}$/, 'the second half of an ISO 3166-2 code such as "FL"');

/** SNS: 1 to 11 letters, digits or hyphens, with at least one letter. */
const SenderId = z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, '1 to 11 letters, digits or "-", at least one letter');

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:00"');
const window = { from: ClockTime, to: ClockTime };
const forwards = <T extends z.ZodType<{ from: string; to: string }>>(hours: T) =>
  hours.refine(({ from, to }) => from < to, { path: ['to'], error: 'a time of day after `from`' });

/** The hours of a day in which marketing may go out, at the subscriber's place: `from` <= t < `to`. */
export const HoursWindow = forwards(z.strictObject(window));
export type HoursWindow = z.infer<typeof HoursWindow>;

/** When marketing may go out, by country and, where a country is narrower in parts, by region. */
export const MarketingHours = z.strictObject({
  /** For countries that are not listed; without it nothing goes there. */
  default: HoursWindow.optional(),
  countries: z.record(Country, forwards(z.strictObject({ ...window, regions: z.record(Region, HoursWindow).default({}) }))).default({}),
});
export type MarketingHours = z.infer<typeof MarketingHours>;

/** How much marketing one account gets, across all workflows and channels. */
export const MarketingCaps = z.strictObject({ perDay: z.int().min(0).default(1), perWeek: z.int().min(0).default(3) });
export type MarketingCaps = z.infer<typeof MarketingCaps>;

const FromAddress = z
  .string()
  .regex(
    /^[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/,
    'an address such as "Aurora <care@aurora.example>"',
  );

const SmsSettings = z.strictObject({
  /** Shown as the sender, by country; `senderId` for all others. */
  senderIds: z.record(Country, SenderId).default({}),
  /** The most that one part may cost, in US dollars. */
  maxPriceUsd: z.number().positive().optional(),
  /** India: the principal entity's id, registered before sending (DLT). */
  dltEntityId: z.string().min(1).optional(),
});

const EmailSettings = z.strictObject({
  /** By class; without one for its class an email is refused. */
  from: z.partialRecord(MessageClass, FromAddress).default({}),
  /** The SES configuration set by class. */
  configurationSets: z.partialRecord(MessageClass, z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)).default({}),
});

/** What messages cost, for the figures of offers. */
export const MessagePrices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"'),
  /** One part of a text, on average over the countries it goes to. */
  smsPart: z.number().min(0).optional(),
  email: z.number().min(0).optional(),
});
export type MessagePrices = z.infer<typeof MessagePrices>;

/** Where a contact may be found, in the order of looking. */
const ContactSource = z.union([
  z.enum(['profile', 'device']),
  z.strictObject({ customProperties: z.strictObject({ phone: z.string().min(1).optional(), email: z.string().min(1).optional() }) }),
]);

const HttpsUrl = z.url({ protocol: /^https$/, error: 'an address such as "https://gql.example.com/graphql"' });

/** How this service reaches the tenant's Totogi. Key and secret stand in AWS Secrets Manager, never here. */
const TotogiSettings = z
  .strictObject({
    /** The AWS Region that it runs in. */
    region: z.enum(['us-east-1', 'ap-southeast-1']).optional(),
    /** The GraphQL address, instead of a region. */
    endpoint: HttpsUrl.optional(),
    tokenUrl: HttpsUrl.optional(),
    scope: z.string().min(1).optional(),
    /** The tenant as Totogi knows it, where that is another name. */
    providerId: z.string().min(1).max(100).optional(),
    /** The secret's name after `totogi-notifications/<stage>/`; `totogi/<tenant>` without it. */
    secret: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'a name such as "totogi/mvno-aurora"')
      .max(200)
      .optional(),
  })
  .refine(({ region, endpoint }) => (region === undefined) !== (endpoint === undefined), {
    path: ['region'],
    error: 'either a region ("us-east-1" or "ap-southeast-1") or an endpoint',
  });

/** What the people of one tenant decide: `config/tenants/<tenant>.yml`. */
const LONGEST_RETENTION_DAYS = 3_650;
/** A run may begin a week after its event and last 60 days, and what it did must be known for as long. */
const SHORTEST_RETENTION_DAYS = 90;
const SHORTEST_QUARANTINE_DAYS = 14;
const retentionDays = (shortest: number) => z.int().min(shortest).max(LONGEST_RETENTION_DAYS).optional();

/** For how many days records are kept after they were made; those of a class that is not named are kept for good. */
const Retention = z.strictObject({
  /** Events, and the runs that they started. */
  eventsDays: retentionDays(SHORTEST_RETENTION_DAYS),
  /** Messages, with the numbers, addresses and texts on them. */
  messagesDays: retentionDays(SHORTEST_RETENTION_DAYS),
  /** Events that could not be recorded, with their own words. */
  quarantineDays: retentionDays(SHORTEST_QUARANTINE_DAYS),
});

export const TenantConfiguration = z.strictObject({
  tenant: TenantId,
  /** The name subscribers know, used in messages. */
  name: z.string().min(1).max(40),
  language: Language.default('en'),
  /** ISO 4217; without it no message names an amount of money. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as "USD"')
    .optional(),
  senderId: SenderId.optional(),
  /** The languages that every template must exist in, `language` among them. */
  languages: z.array(Language).default([]),
  sms: SmsSettings.prefault({}),
  email: EmailSettings.prefault({}),
  /** Without it nobody says what an offer's messages cost. */
  messagePrices: MessagePrices.optional(),
  /** When marketing may go out. Nothing configured, nothing goes. */
  hours: MarketingHours.prefault({}),
  caps: MarketingCaps.prefault({}),
  contacts: z.array(ContactSource).min(1).default(['profile', 'device']),
  /** Totogi's API. Without it nothing is asked there. */
  totogi: TotogiSettings.optional(),
  /** A notification older than this when it is received is recorded and starts nothing. */
  staleAfterHours: z
    .number()
    .positive()
    .max(24 * 30)
    .default(48),
  workflows: Workflows.prefault({}),
  /** Read in order, before the defaults: the first rule that knows both name and state decides. */
  counters: z.array(CounterRule).default([]),
  retention: Retention.prefault({}),
});
export type TenantConfiguration = z.infer<typeof TenantConfiguration>;

/** A message template as published: what it is for, and its text in Liquid. */
export const MessageTemplate = z.strictObject({
  class: MessageClass,
  /** Of an email, in Liquid too. */
  subject: z.string().min(1).max(200).optional(),
  /** India: the registered template's id (DLT). */
  dltTemplateId: z.string().min(1).optional(),
  text: z.string().min(1),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

/** The name of a template: which workflow's message on which channel. */
export function templateName(workflow: string, channel: Channel): string {
  return `${workflow}.${channel}`;
}

/** One immutable version of all that a tenant's people decide; the version is a digest of its content. */
export const PublishedConfiguration = z.object({
  version: z.string(),
  configuration: TenantConfiguration,
  /** By `<language>/<workflow>.<channel>`. */
  templates: z.record(z.string(), MessageTemplate),
  /** None in versions from before there were offers. */
  offers: z.array(Offer).default([]),
});
export type PublishedConfiguration = z.infer<typeof PublishedConfiguration>;
