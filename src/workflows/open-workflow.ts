import type { Delivery } from '../channels/delivery.ts';
import { openEmailChannel } from '../channels/email.ts';
import { openDelivery } from '../channels/message-delivery.ts';
import { openSmsChannel } from '../channels/sms.ts';
import type { Settings } from '../runtime/settings.ts';
import type { WorkflowName } from '../schemas/workflow.ts';
import { openConfigurations } from '../store/configurations.ts';
import { openExecutions } from '../store/executions.ts';
import { openTable } from '../store/table.ts';
import { openAccountFacts } from '../totogi/account-facts.ts';
import { openTotogi } from '../totogi/client.ts';
import { openSecrets } from '../totogi/secrets.ts';
import { openRunSteps, type RunSteps } from './run-steps.ts';

/** No message waits longer than this for what Totogi may add to it. */
const FACTS_DEADLINE_MILLISECONDS = 3_000;

/**
 * What a workflow's function works with.
 *
 * @param now the clock, in milliseconds since the epoch.
 */
export function openWorkflow<Name extends WorkflowName>(
  workflow: Name,
  settings: Settings,
  now: () => number,
): { run: RunSteps<Name>; delivery: Delivery } {
  const table = openTable(settings.tableName);
  const configurations = openConfigurations(table, now);
  const totogi = openTotogi({
    readSecret: openSecrets(),
    secretPrefix: `totogi-notifications/${settings.stage}`,
    url: settings.totogiUrl,
    deadlineMilliseconds: FACTS_DEADLINE_MILLISECONDS,
    now,
  });
  const accountFacts = openAccountFacts(totogi, now);
  const delivery = openDelivery({
    table,
    configurations,
    accountFacts,
    sms: openSmsChannel(),
    email: openEmailChannel(),
    publicUrl: settings.publicUrl,
    now,
  });
  const startExecution = openExecutions(settings);
  return { run: openRunSteps(workflow, { table, configurations, accountFacts, startExecution, now }), delivery };
}
