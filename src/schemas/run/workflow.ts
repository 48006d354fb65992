import * as z from 'zod';
import type { WorkflowDefinition } from '../../workflows/define-workflow.ts';
import { REGISTRY } from '../../workflows/registry.ts';
import { NOTIFICATION_TYPES } from '../event/notification-type.ts';
import { PassedOffer, UnsentNotice } from '../offer/offer-reasons.ts';

type Definition = (typeof REGISTRY)[number];

export type WorkflowName = Definition['name'];
export const WORKFLOWS: readonly WorkflowName[] = REGISTRY.map(({ name }) => name);
export const WorkflowName = z.enum(WORKFLOWS);

type StartedBy<Type> = { [One in Definition as One['name']]: Type extends One['startedBy'][number] ? One['name'] : never }[WorkflowName];
/** The workflow that each type of notification starts. */
export const WORKFLOW_OF = Object.fromEntries(REGISTRY.flatMap(({ name, startedBy }) => startedBy.map((type) => [type, name]))) as {
  [Type in Definition['startedBy'][number]]: StartedBy<Type>;
};

/** What a tenant can set, by workflow. */
export const Workflows = z.strictObject(
  Object.fromEntries(REGISTRY.map(({ name, settings }: WorkflowDefinition) => [name, settings.prefault({})])) as {
    [One in Definition as One['name']]: z.ZodPrefault<One['settings']>;
  },
);

export type OfferStarter = Extract<Definition, { startsOffer: true }>['name'];
/** The workflows that start an offer after their notice. */
export const OFFER_STARTERS = REGISTRY.flatMap((one): OfferStarter[] => (one.startsOffer ? [one.name] : []));

export const NotStartedReason = z.enum([
  'tenant-not-configured',
  'stale',
  /** Its time is further ahead than clocks differ, so every time computed from it would be wrong. */
  'in-the-future',
  'unrecognised',
  'state-starts-nothing',
  'counter-not-configured',
  'counter-good',
  'workflow-off',
]);
export type NotStartedReason = z.infer<typeof NotStartedReason>;

/** The configuration is the version that the decision is based on. */
export const Decision = z.object({
  start: z.array(WorkflowName),
  reason: NotStartedReason.optional(),
  configuration: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

export const RunOutcome = z.object({
  outcome: z.enum([
    'sent',
    'not-sent',
    'unknown',
    /** The counter was good again before the message went. */
    'recovered',
    /** Another message of the same quiet period covers it. */
    'merged',
    /** An episode on the same subject was open. */
    'part-of-episode',
    /** The plan was renewed or has ended, or the renewal succeeded: no more messages are needed. */
    'resolved',
    'completed',
    'no-offer-configured',
    /** The notice was sent; the run of `retention-offer` shows whether an offer follows. */
    'offer-started',
    /** No offer fits this subscriber, or the budget is spent. */
    'no-offer-fits',
    /** An offer would fit, but the account is in the comparison group. */
    'held-out',
    'redeemed',
    'expired',
    'declined',
    'superseded',
    'denied-by-policy',
    /** Totogi rejected it, or the outcome is unknown: operations decide. */
    'stuck',
    /** It started too late for its message to be true. */
    'stale',
    'failed',
  ]),
  reason: z.string().optional().meta({ description: 'A code.' }),
  event: z.string().optional().meta({
    description: 'For `merged`, the ID of the event whose message covers this one; for `part-of-episode`, of the event that started it.',
  }),
  endedBy: z.enum(NOTIFICATION_TYPES).optional().meta({
    description: 'For `resolved`, the type of the event that made further messages unnecessary.',
  }),
  offers: z
    .array(PassedOffer)
    .optional()
    .meta({ description: 'For `no-offer-fits`, the offers that were considered, each with the reason why it was not issued.' }),
  notSent: z
    .array(UnsentNotice)
    .optional()
    .meta({ description: 'For `denied-by-policy`, the channels of the offer, each with the reason why its notice was not sent.' }),
});
export type RunOutcome = z.infer<typeof RunOutcome>;
