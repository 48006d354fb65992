import * as z from 'zod';

/**
 * A line of SNS's delivery log. It also has the phone number (`delivery.destination`), which is not read here.
 * https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
 */
export const SmsStatus = z.object({
  notification: z.object({
    messageId: z.string().min(1),
    /** `2016-06-28 00:40:34.558`, in UTC. */
    timestamp: z.string().optional(),
  }),
  delivery: z.object({ providerResponse: z.string().default('') }),
  status: z.enum(['SUCCESS', 'FAILURE']),
});
export type SmsStatus = z.infer<typeof SmsStatus>;
