import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { openSmsChannel } from '../channels/sms.ts';
import { openSmsDelivery } from '../channels/sms-delivery.ts';
import { settings } from '../runtime/settings.ts';
import { openConfigurations } from '../store/configurations.ts';
import { openTable } from '../store/table.ts';
import { lowAllowance } from '../workflows/low-allowance.ts';
import { openRunSteps } from '../workflows/run-steps.ts';

const now = () => Date.now();
const table = openTable(settings().tableName);
const configurations = openConfigurations(table, now);

export const handler = withDurableExecution(
  lowAllowance({
    run: openRunSteps('low-allowance', { table, configurations, now }),
    sms: openSmsDelivery({ table, configurations, sms: openSmsChannel(), now }),
  }),
);
