import { queueHandler } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import { AlarmStateChange } from '../schemas/marketing-pause.ts';
import { ALL_TENANTS } from '../schemas/reserved-tenants.ts';
import { pauseMarketing } from '../store/marketing-pauses.ts';
import { createTableClient, type Table } from '../store/table.ts';

const OUTCOMES = { done: 'paused', 'already-done': 'repeated', conflict: 'lifted-since' } as const;

/**
 * Pauses the marketing of all tenants when an alarm says that too many of the account's mails bounce or bring complaints: the rates are the
 * account's, and so is what SES does about them. An event that cannot be read comes again until it is a dead letter, which rings too.
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

export const handler = createHandler({ table: createTableClient(settings().tableName) });
