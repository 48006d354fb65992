import * as z from 'zod';

const Reason = z.string().trim().min(1).max(500).meta({ description: 'Kept as it is, so it must name no person.' });

/** A stop of marketing, of one tenant or of all. One that was lifted stays on record, so that what led to it cannot bring it back. */
export const MarketingStop = z
  .object({
    state: z.enum(['stopped', 'lifted']),
    reason: z.string(),
    cause: z.enum(['alarm', 'operations']),
    by: z.string().meta({ description: "The alarm's name, or the token's client or user." }),
    stoppedAt: z.iso.datetime(),
    liftedBy: z.string().optional(),
    liftedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'MarketingStop' });
export type MarketingStop = z.infer<typeof MarketingStop>;

/** Whether a tenant's marketing goes. */
export const MarketingStopReply = z
  .object({
    stopped: z.boolean().meta({ description: 'Nothing of the class marketing goes: one of the two is `stopped`.' }),
    ofTenant: MarketingStop.optional().meta({ description: 'The last stop of this tenant.' }),
    ofAll: MarketingStop.optional().meta({ description: 'The last stop of all tenants, which the reserved tenant `-` sets and lifts.' }),
  })
  .meta({ id: 'MarketingStopReply' });
export type MarketingStopReply = z.infer<typeof MarketingStopReply>;

export const StopMarketingRequest = z.strictObject({ reason: Reason }).meta({ id: 'StopMarketingRequest' });

/**
 * What CloudWatch puts on the default bus when an alarm changes its state, as far as we read it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const AlarmStateChange = z.object({
  source: z.literal('aws.cloudwatch'),
  time: z.iso.datetime(),
  detail: z.object({ alarmName: z.string().min(1), state: z.object({ value: z.literal('ALARM') }) }),
});
