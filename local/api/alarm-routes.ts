import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { functionPrefix } from '../template/packaged-stack.ts';
import { type LocalRoutes, withBody } from './local-routes.ts';

const AlarmRequest = z.strictObject({
  /** The name without the stack's prefix, such as `email-bounce-rate`. */
  alarm: z.string().regex(/^[a-z0-9-]+$/, 'alarm must be the name of an alarm, such as "email-bounce-rate"'),
  state: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']).default('ALARM'),
});

type AlarmOptions = {
  publish: (event: Record<string, unknown>) => void;
  now: () => number;
  region: string;
  accountId: string;
};

/**
 * Publishes the event that CloudWatch sends when an alarm changes its state. No alarm is evaluated here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmRoutes({ publish, now, region, accountId }: AlarmOptions): LocalRoutes {
  return {
    '/local/alarms': {
      POST: (request) =>
        withBody(request, AlarmRequest, async ({ alarm, state }) => {
          const alarmName = `${functionPrefix}-${alarm}`;
          const at = new Date(now()).toISOString();
          publish({
            version: '0',
            id: randomUUID(),
            'detail-type': 'CloudWatch Alarm State Change',
            source: 'aws.cloudwatch',
            account: accountId,
            time: `${at.slice(0, 19)}Z`,
            region,
            resources: [`arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`],
            detail: { alarmName, state: { value: state, reason: 'Played by the local service', timestamp: at.replace('Z', '+0000') } },
          });
          return { alarm: alarmName, state };
        }),
    },
  };
}
