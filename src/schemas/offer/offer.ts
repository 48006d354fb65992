import * as z from 'zod';
import { boundedRecord, oneLine, whenFieldsHold } from '../configuration/bounds.ts';
import { DOCUMENTED_STATES } from '../event/notification-type.ts';
import { Channel } from '../message/channel.ts';
import { Language } from '../profile/language.ts';
import { OFFER_STARTERS } from '../run/workflow.ts';
import { OfferCode } from './offer-code.ts';

/** The longest time for which an offer may run, and for which a goal may count. */
export const MAX_WINDOW_DAYS = 45;
const MAX_HOURS = MAX_WINDOW_DAYS * 24;

const Documented = z.enum(Object.keys(DOCUMENTED_STATES) as [keyof typeof DOCUMENTED_STATES, ...(keyof typeof DOCUMENTED_STATES)[]]);

const MAX_ENTRIES = 50;
const TotogiId = oneLine(256);

/** What Totogi grants after acceptance. What makes a repeat safe: docs/adr/0017-what-is-known-after-a-call-to-totogi.md. */
export const OfferGrant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('subscribe'), plan: TotogiId }),
  /** The account's subscription to `from`, or its only one, becomes one to `plan`. */
  z.strictObject({ kind: z.literal('switch-plan'), plan: TotogiId, from: TotogiId.optional() }),
  z.strictObject({ kind: z.literal('create-balance'), balanceType: TotogiId, amount: z.number().positive().max(1e15) }),
  z.strictObject({ kind: z.literal('credit-balance'), balanceType: TotogiId, amount: z.number().positive().max(1e15) }),
]);
export type OfferGrant = z.infer<typeof OfferGrant>;

const Scalar = z.union([z.string().max(256), z.number(), z.boolean()]);

/** Every condition that is present must hold. */
const Audience = z.strictObject({
  /** Totogi's churn score, from 0 to 1; both ends are included. */
  churnScore: z
    .strictObject({ from: z.number().min(0).max(1).default(0), to: z.number().min(0).max(1).default(1) })
    .refine(({ from, to }) => from <= to, { ...whenFieldsHold, path: ['to'], error: 'at least `from`' })
    .optional(),
  lifecycleStates: z.array(TotogiId).min(1).max(MAX_ENTRIES).optional(),
  /** IDs of plans; the account must have one of them now. */
  currentPlans: z.array(TotogiId).min(1).max(MAX_ENTRIES).optional(),
  languages: z.array(Language).min(1).max(MAX_ENTRIES).optional(),
  /** Values in Totogi's customProperties by path (`segment` or `loyalty.tier`): one value, or several of which one must match. */
  attributes: boundedRecord(oneLine(200), z.union([Scalar, z.array(Scalar).min(1).max(MAX_ENTRIES)]), MAX_ENTRIES).optional(),
});

const Exclusions = z.strictObject({
  hadBefore: z.boolean().default(true),
  anotherWithinDays: z.int().min(0).max(365).default(30),
});

const Trigger = z
  .strictObject({
    workflows: z.array(z.enum(OFFER_STARTERS)).max(MAX_ENTRIES).default([]),
    notifications: z.array(Documented).max(MAX_ENTRIES).default([]),
  })
  .refine(({ workflows, notifications }) => workflows.length + notifications.length > 0, 'at least one workflow or notification');

const Attribution = z.strictObject({
  windowDays: z.int().min(1).max(MAX_WINDOW_DAYS).default(14),
  goal: z.strictObject({ type: Documented, plan: TotogiId.optional() }),
});

/** An offer as marketing writes it: `config/offers/<tenant>.yml`. */
export const Offer = z
  .strictObject({
    id: OfferCode,
    /** By language, as messages and pages show it. */
    name: boundedRecord(Language, oneLine(60), MAX_ENTRIES),
    class: z.literal('marketing'),
    trigger: Trigger,
    audience: Audience.prefault({}),
    exclusions: Exclusions.prefault({}),
    grant: OfferGrant,
    /** The highest of those that fit is offered; among equals, the one whose ID comes first. */
    priority: z.int().min(0).max(1_000).default(100),
    /** The percentage of fitting accounts that get nothing, so that the offer's effect can be measured. */
    holdoutPercent: z.number().min(0).max(90).default(0),
    /** The most that are issued, per day (UTC) and in total. */
    budget: z.strictObject({ perDay: z.int().min(1).max(1e9).optional(), total: z.int().min(1).max(1e9).optional() }).prefault({}),
    validHours: z.number().min(1).max(MAX_HOURS),
    channels: z.array(Channel).min(1).max(MAX_ENTRIES).default(['sms']),
    /** Its own templates: `retention-offer.<template>.<channel>`, and `offer-redeemed.<template>.sms` if that exists. */
    template: OfferCode.optional(),
    reminderHoursBefore: z.number().positive().max(MAX_HOURS).optional(),
    attribution: Attribution,
  })
  .refine(({ reminderHoursBefore, validHours }) => reminderHoursBefore === undefined || reminderHoursBefore < validHours, {
    ...whenFieldsHold,
    path: ['reminderHoursBefore'],
    error: 'less than validHours',
  });
export type Offer = z.infer<typeof Offer>;

export const TenantOffers = z.strictObject({ tenant: z.string().min(1).max(64), offers: z.array(Offer).max(50) });
export type TenantOffers = z.infer<typeof TenantOffers>;
