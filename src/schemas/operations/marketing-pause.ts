import * as z from 'zod';

const Reason = z.string().trim().min(1).max(500).meta({ description: 'Stored as it is, so name no person.' });

/** For one tenant or for all. A lifted pause stays stored, so that the alarm that caused it cannot pause again. */
export const MarketingPause = z
  .object({
    state: z.enum(['paused', 'lifted']),
    reason: z.string(),
    cause: z.enum(['alarm', 'operations']),
    by: z.string().meta({ description: "The alarm's name, or the token's client or user." }),
    pausedAt: z.iso.datetime(),
    liftedBy: z.string().optional(),
    liftedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'MarketingPause' });
export type MarketingPause = z.infer<typeof MarketingPause>;

export const MarketingPauseReply = z
  .object({
    paused: z.boolean().meta({ description: 'Whether marketing is paused: `ofTenant` or `ofAll` is `paused`.' }),
    ofTenant: MarketingPause.optional().meta({ description: 'The latest pause of this tenant.' }),
    ofAll: MarketingPause.optional().meta({
      description: 'The latest pause of all tenants, which the reserved tenant `-` sets and lifts.',
    }),
  })
  .meta({ id: 'MarketingPauseReply' });
export type MarketingPauseReply = z.infer<typeof MarketingPauseReply>;

export const PauseMarketingRequest = z.strictObject({ reason: Reason }).meta({ id: 'PauseMarketingRequest' });

/**
 * The event that CloudWatch puts on the default bus when an alarm changes its state, as far as it is used.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const AlarmStateChange = z.object({
  source: z.literal('aws.cloudwatch'),
  time: z.iso.datetime(),
  detail: z.object({ alarmName: z.string().min(1), state: z.object({ value: z.literal('ALARM') }) }),
});
