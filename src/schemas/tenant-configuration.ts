import * as z from 'zod';
import { TenantId } from './notification.ts';
import { WORKFLOWS } from './workflow.ts';

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

const WorkflowSettings = z.strictObject({
  enabled: z.boolean().default(true),
  /** How long to wait before looking whether the message is still true. */
  waitSeconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
});
export type WorkflowSettings = z.infer<typeof WorkflowSettings>;

/** A language as in BCP 47: `en`, `es`, `pt-BR`. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language such as "en", "es" or "pt-BR"');

/** SNS: 1 to 11 letters, digits or hyphens, with at least one letter. */
const SenderId = z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, '1 to 11 letters, digits or "-", at least one letter');

const Workflows = z.strictObject(
  Object.fromEntries(WORKFLOWS.map((name) => [name, WorkflowSettings.prefault({})])) as Record<
    (typeof WORKFLOWS)[number],
    z.ZodPrefault<typeof WorkflowSettings>
  >,
);

/** What the people of one tenant decide: `config/tenants/<tenant>.yml`. */
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
  /** A notification older than this when it is received is recorded and starts nothing. */
  staleAfterHours: z
    .number()
    .positive()
    .max(24 * 30)
    .default(48),
  workflows: Workflows.prefault({}),
  /** Read in order, before the defaults: the first rule that knows both name and state decides. */
  counters: z.array(CounterRule).default([]),
});
export type TenantConfiguration = z.infer<typeof TenantConfiguration>;

/** A message template as published: what it is for, and its text in Liquid. */
export const MessageTemplate = z.strictObject({
  class: z.enum(['service', 'regulatory', 'marketing']),
  text: z.string().min(1),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

/** One immutable version of all that a tenant's people decide; the version is a digest of its content. */
export const PublishedConfiguration = z.object({
  version: z.string(),
  configuration: TenantConfiguration,
  /** By `<language>/<workflow>.<channel>`. */
  templates: z.record(z.string(), MessageTemplate),
});
export type PublishedConfiguration = z.infer<typeof PublishedConfiguration>;
