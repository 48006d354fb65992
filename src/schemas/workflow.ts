import * as z from 'zod';

/** The workflows, by the name that their file, function, log and records share. */
export const WORKFLOWS = [
  'low-allowance',
  'credit-alert',
  'plan-expiry',
  'win-back',
  'renewal-failed',
  'renewal-succeeded',
  'rollover',
  'welcome',
  'retention-offer',
] as const;
export const WorkflowName = z.enum(WORKFLOWS);
export type WorkflowName = z.infer<typeof WorkflowName>;

/** Why a recorded event started no workflow. `no-workflow` stands in records made before every documented type had one. */
export const NotStartedReason = z.enum([
  'tenant-not-configured',
  'stale',
  /** Its time is further ahead than clocks differ: everything an episode works out from it would be wrong. */
  'in-the-future',
  'unrecognised',
  'no-workflow',
  'state-starts-nothing',
  'counter-not-configured',
  'counter-good',
  'workflow-off',
]);
export type NotStartedReason = z.infer<typeof NotStartedReason>;

/** Which workflows an event starts or why none, and the version of the tenant's configuration that said so. */
export const Decision = z.object({
  start: z.array(WorkflowName),
  reason: NotStartedReason.optional(),
  configuration: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

/** How a run ended, in words that people read. */
export const RunOutcome = z.object({
  outcome: z.enum([
    'sent',
    'not-sent',
    'unknown',
    /** The counter was good again before the message went. */
    'recovered',
    /** Another message of the same quiet period says it. */
    'merged',
    /** A run on the same subject was open: this event is part of it. */
    'part-of-episode',
    /** What was waited for happened: the plan goes on, the renewal succeeded. */
    'resolved',
    /** It ran to its end. */
    'completed',
    'no-offer-configured',
    /** The notice is given; whether an offer follows is the run of `retention-offer` to tell. */
    'offer-started',
    /** No offer is for this subscriber, or the budget is spent. */
    'no-offer-fits',
    /** An offer would fit, and the account is kept from it to compare. */
    'held-out',
    /** The subscriber accepted, and has what was offered. */
    'redeemed',
    'expired',
    'declined',
    /** A later offer took its place. */
    'superseded',
    'denied-by-policy',
    /** Totogi refused, or nobody knows whether it did what was asked: operations decide. */
    'stuck',
    /** It was started so late that what it would say is past. */
    'stale',
    /** It could not be told, for a reason of the system's. */
    'failed',
  ]),
  reason: z.string().optional(),
});
export type RunOutcome = z.infer<typeof RunOutcome>;
