import * as z from 'zod';
import { OfferCode } from '../offer/offer-code.ts';
import { OfferPerformance, OfferReply } from '../offer/offer-performance.ts';
import { rangeTime } from './range-time.ts';
import { listOf, NoQuery, type Route, Tenant, TenantPath } from './route.ts';

const OfferPath = z.object({
  tenant: Tenant,
  offer: OfferCode.meta({ param: { example: 'come-back-month' } }),
});

const DayTime = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'a day or a time that exists, as in RFC 3339: for example 2026-03-14' })
  .transform((text) => rangeTime(Date.parse(text)))
  .optional();
const override = { type: 'string' as const, anyOf: [{ format: 'date' }, { format: 'date-time' }] };

export const PerformanceQuery = z
  .strictObject({
    from: DayTime.meta({
      description: 'The first day (UTC). Default: 30 days before `to`.',
      param: { example: '2026-05-01' },
      override,
    }),
    to: DayTime.meta({
      description: 'The end: a day (exclusive), or a time, whose day is included. Default: today, included.',
      param: { example: '2026-05-03' },
      override,
    }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { path: ['from'], error: 'a time not after `to`' });
export type PerformanceQuery = z.infer<typeof PerformanceQuery>;

const offerExample: z.input<typeof OfferReply> = {
  id: 'come-back-month',
  name: { en: 'a free month of Aurora 30', es: 'un mes gratis de Aurora 30' },
  class: 'marketing',
  trigger: { workflows: ['win-back'], notifications: [] },
  audience: { churnScore: { from: 0.5, to: 1 } },
  exclusions: { hadBefore: true, anotherWithinDays: 30 },
  grant: { kind: 'subscribe', plan: 'aurora-30' },
  priority: 200,
  holdoutPercent: 10,
  budget: { perDay: 500, takenToday: 12, total: 10000, taken: 431 },
  validHours: 168,
  channels: ['sms', 'email'],
  reminderHoursBefore: 48,
  attribution: { windowDays: 14, goal: { type: 'NewPlanActivated', plan: 'aurora-30' } },
  configuration: '6f1c9d0e2b7a4853',
};

const figuresExample = {
  issued: 400,
  sms: { sent: 610, parts: 650, delivered: 372, opened: 150, accepted: 80, redeemed: 80, converted: 78 },
  email: { sent: 380, delivered: 351, opened: 40, accepted: 12, redeemed: 11, converted: 11 },
  opened: 190,
  accepted: 92,
  redeemed: 91,
  converted: 100,
  expired: 271,
  declined: 12,
  superseded: 0,
  deniedByPolicy: 25,
  stuck: 1,
  heldOut: 50,
  heldOutConverted: 5,
};

const performanceExample: z.input<typeof OfferPerformance> = {
  offer: 'come-back-month',
  from: '2026-05-01T00:00:00.000Z',
  to: '2026-05-03T00:00:00.000Z',
  total: figuresExample,
  days: [{ day: '2026-05-01', ...figuresExample, complete: true }],
  comparison: {
    offered: { accounts: 400, converted: 100, rate: 0.25 },
    heldOut: { accounts: 50, converted: 5, rate: 0.1 },
    lift: 0.15,
    liftWithin: { from: 0.029587, to: 0.222049 },
    complete: true,
  },
  cost: { currency: 'USD', amount: 4.2305 },
};

export const OFFER_ROUTES = {
  listOffers: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/offers',
    servedBy: 'offers-api',
    scope: 'offers:read',
    summary: 'List current offers',
    description: 'Shows the offers as configured, with the used part of their budgets. A tenant has at most 50, so the list is one page.',
    pathParameters: TenantPath,
    query: NoQuery,
    reply: listOf(OfferReply),
    replies: 'All current offers',
    examples: { reply: { data: [offerExample], next: null } },
  },
  showOfferPerformance: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/offers/{offer}/performance',
    servedBy: 'offers-api',
    scope: 'offers:read',
    summary: 'Show the performance of an offer',
    description:
      'Shows the results for the accounts that got the offer, by the day (UTC) of the issue and by channel, in comparison with the holdout, and the cost of the messages. Includes offers that are no longer current. Covers whole days: a `from` or `to` within a day includes that day, and the reply contains the range. At most 366 days.',
    pathParameters: OfferPath,
    query: PerformanceQuery,
    reply: OfferPerformance,
    replies: 'The figures',
    problems: { 404: 'No current offer has this code, and none was ever issued.' },
    examples: { reply: performanceExample },
  },
} as const satisfies Record<string, Route>;
