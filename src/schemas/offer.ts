import * as z from 'zod';
import { Channel } from './channel.ts';
import { Language } from './language.ts';
import { DOCUMENTED_STATES } from './notification-type.ts';
import { OfferId } from './offer-id.ts';

/** The longest that an offer may run, and that a goal may count as its success. */
export const LONGEST_WINDOW_DAYS = 45;
const LONGEST_HOURS = LONGEST_WINDOW_DAYS * 24;

/** The workflows that hand over to an offer when they have given their notice. */
export const HANDING_OVER = ['low-allowance', 'plan-expiry', 'win-back'] as const;
export const HandingOver = z.enum(HANDING_OVER);
export type HandingOver = z.infer<typeof HandingOver>;

/** Notifications that offers know: the documented ones. */
const Documented = z.enum(Object.keys(DOCUMENTED_STATES) as [keyof typeof DOCUMENTED_STATES, ...(keyof typeof DOCUMENTED_STATES)[]]);

/** What Totogi gives whoever accepts: design decision 9 says how each is made safe against repeats. */
export const OfferGrant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('subscribe'), plan: z.string().min(1) }),
  /** The account's subscription to `from`, or its only one, becomes one to `plan`. */
  z.strictObject({ kind: z.literal('switch-plan'), plan: z.string().min(1), from: z.string().min(1).optional() }),
  z.strictObject({ kind: z.literal('create-balance'), balanceType: z.string().min(1), amount: z.number().positive() }),
  z.strictObject({ kind: z.literal('credit-balance'), balanceType: z.string().min(1), amount: z.number().positive() }),
]);
export type OfferGrant = z.infer<typeof OfferGrant>;

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Who an offer is for: all that is said has to hold, and what is not said does not matter. */
const Audience = z.strictObject({
  /** Totogi's churn score, from 0 to 1: both ends included. */
  churnScore: z
    .strictObject({ from: z.number().min(0).max(1).default(0), to: z.number().min(0).max(1).default(1) })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'at least `from`' })
    .optional(),
  /** States of the subscriber lifecycle. */
  lifecycleStates: z.array(z.string().min(1)).min(1).optional(),
  /** Ids of plans, of which the account has one now. */
  currentPlans: z.array(z.string().min(1)).min(1).optional(),
  languages: z.array(Language).min(1).optional(),
  /** Values in Totogi's customProperties, by path (`segment` or `loyalty.tier`): one, or several of which one has to match. */
  attributes: z.record(z.string().min(1), z.union([Scalar, z.array(Scalar).min(1)])).optional(),
});

const Exclusions = z.strictObject({
  /** Nobody gets the same offer twice. */
  hadBefore: z.boolean().default(true),
  /** Nobody gets an offer who was issued another one within so many days. */
  anotherWithinDays: z.int().min(0).max(365).default(30),
});

const Trigger = z
  .strictObject({ workflows: z.array(HandingOver).default([]), notifications: z.array(Documented).default([]) })
  .refine(({ workflows, notifications }) => workflows.length + notifications.length > 0, 'at least one workflow or notification');

/** What counts as success: a notification of this type, within the window, and with this plan where one is named. */
const Attribution = z.strictObject({
  windowDays: z.int().min(1).max(LONGEST_WINDOW_DAYS).default(14),
  goal: z.strictObject({ type: Documented, plan: z.string().min(1).optional() }),
});

/** An offer as marketing writes it: `config/offers/<tenant>.yml`. */
export const Offer = z
  .strictObject({
    id: OfferId,
    /** By language, as messages and pages name it. */
    name: z.record(Language, z.string().min(1).max(60)),
    class: z.literal('marketing'),
    trigger: Trigger,
    audience: Audience.prefault({}),
    exclusions: Exclusions.prefault({}),
    grant: OfferGrant,
    /** The highest of those that fit is offered; of two alike the one whose id comes first. */
    priority: z.int().min(0).max(1_000).default(100),
    /** How many of a hundred accounts that fit get nothing, so that the offer's effect can be seen. */
    holdoutPercent: z.number().min(0).max(90).default(0),
    /** How many are issued at most, in a day (UTC) and in all. */
    budget: z.strictObject({ perDay: z.int().min(1).optional(), total: z.int().min(1).optional() }).prefault({}),
    /** How long an issued offer can be accepted. */
    validHours: z.number().min(1).max(LONGEST_HOURS),
    channels: z.array(Channel).min(1).default(['sms']),
    /** Words of its own: `retention-offer.<template>.<channel>`, and `offer-redeemed.<template>.sms` where there is one. */
    template: OfferId.optional(),
    /** When to remind who has not answered, counted back from the offer's end. */
    reminderHoursBefore: z.number().positive().max(LONGEST_HOURS).optional(),
    attribution: Attribution,
  })
  .refine(({ reminderHoursBefore, validHours }) => reminderHoursBefore === undefined || reminderHoursBefore < validHours, {
    path: ['reminderHoursBefore'],
    error: 'less than validHours',
  });
export type Offer = z.infer<typeof Offer>;

/** A tenant's offers. */
export const TenantOffers = z.strictObject({ tenant: z.string().min(1), offers: z.array(Offer).max(50) });
export type TenantOffers = z.infer<typeof TenantOffers>;
