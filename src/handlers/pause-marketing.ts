import { pauseMarketing } from '../messaging/marketing-pauses.ts';
import { queueHandler } from '../platform/queue.ts';
import { ALL_TENANTS } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { AlarmStateChange } from '../schemas/operations/marketing-pause.ts';

const OUTCOMES = { done: 'paused', 'already-done': 'repeated', conflict: 'lifted-since' } as const;

/**
 * Pauses marketing for all tenants when a bounce or complaint alarm fires: the rates are those of the AWS account, and so are the sanctions
 * of SES. An unreadable event is retried until it reaches the dead-letter queue, which has its own alarm.
 */
export function createHandler({ table }: { table: Table }) {
  return queueHandler(
    'pause-marketing',
    async ({ body }) => {
      const { time, detail } = AlarmStateChange.parse(JSON.parse(body));
      const { alarmName } = detail;
      const why = { reason: `The alarm ${alarmName} rang.`, cause: 'alarm', by: alarmName, at: Date.parse(time) } as const;
      return { tenant: ALL_TENANTS, type: 'Alarm', outcome: OUTCOMES[await pauseMarketing(table, ALL_TENANTS, why)] };
    },
    'pauses',
  );
}

export const handler = createHandler({ table: createTableClient(readSettings(['tableName']).tableName) });
