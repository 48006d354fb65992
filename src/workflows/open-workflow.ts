import type { Delivery } from '../channels/delivery.ts';
import type { EmailChannel } from '../channels/email.ts';
import { openDelivery } from '../channels/message-delivery.ts';
import { openSmsChannel } from '../channels/sms.ts';
import { openMetrics } from '../runtime/metrics.ts';
import type { Settings } from '../runtime/settings.ts';
import type { WorkflowName } from '../schemas/workflow.ts';
import { openConfigurations } from '../store/configurations.ts';
import type { StartExecution } from '../store/executions.ts';
import { openTable } from '../store/table.ts';
import { openAccountFacts } from '../totogi/account-facts.ts';
import { openTotogi } from '../totogi/client.ts';
import { openSecrets } from '../totogi/secrets.ts';
import { openRunSteps, type RunSteps } from './run-steps.ts';

/** No message waits longer than this for what Totogi may add to it. */
const FACTS_DEADLINE_MILLISECONDS = 3_000;

/**
 * What differs between workflows: `email` where it sends mails, `startExecution` where it may start an offer. What a workflow never does
 * is not in its bundle, and its role does not allow it. `now` is the clock, in milliseconds since the epoch.
 */
export type WorkflowMeans = { now: () => number; email?: EmailChannel; startExecution?: StartExecution };

/** What a workflow's function works with. */
export function openWorkflow<Name extends WorkflowName>(
  workflow: Name,
  settings: Settings,
  { now, email = { send: isNotOurs }, startExecution = isNotOurs }: WorkflowMeans,
): { run: RunSteps<Name>; delivery: Delivery } {
  const table = openTable(settings.tableName);
  const configurations = openConfigurations(table, now);
  const totogi = openTotogi({
    readSecret: openSecrets(settings),
    stage: settings.stage,
    url: settings.totogiUrl,
    hosts: settings.totogiHosts,
    deadlineMilliseconds: FACTS_DEADLINE_MILLISECONDS,
    now,
  });
  const accountFacts = openAccountFacts(totogi, now);
  const delivery = openDelivery({
    table,
    configurations,
    accountFacts,
    sms: openSmsChannel(),
    email,
    publicUrl: settings.publicUrl,
    metrics: openMetrics('text-limits'),
    now,
  });
  return { run: openRunSteps(workflow, { table, configurations, accountFacts, startExecution, now }), delivery };
}

async function isNotOurs(): Promise<never> {
  throw new Error('This workflow was opened without what it does now: its handler names what it needs.');
}
