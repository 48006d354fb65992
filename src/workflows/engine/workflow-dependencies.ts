import { type Configurations, createConfigurations } from '../../configuration/configurations.ts';
import type { EmailChannel } from '../../messaging/carriers/email.ts';
import { createSmsChannel } from '../../messaging/carriers/sms.ts';
import { createDelivery } from '../../messaging/deliver-message.ts';
import type { Delivery, MessageTopic } from '../../messaging/delivery.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { readSettings } from '../../platform/settings.ts';
import { createTableClient, type Table } from '../../platform/table.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';
import { createAccountFactsReader } from '../../totogi/account-facts.ts';
import { createTotogiClient, type Totogi } from '../../totogi/client.ts';
import { createSecretReader } from '../../totogi/secrets.ts';
import { createRunSteps, type RunSteps } from './run-steps.ts';
import type { StartExecution } from './start-execution.ts';

type CreateTopic = (sources: { table: Table; publicUrl: string | undefined; now: () => number }) => MessageTopic;

/**
 * What differs between workflows. What a workflow never does is not in its bundle, and its role does not allow it. `now` is in milliseconds
 * since the epoch.
 */
export type WorkflowMeans = { now: () => number; email?: EmailChannel; createTopic?: CreateTopic; startExecution?: StartExecution };

/** What all parts of one function share: connections, and the caches of configurations and of Totogi's tokens. */
type SharedMeans = { table: Table; configurations: Configurations; totogi: Totogi; now: () => number };

export function createWorkflowDependencies<Name extends WorkflowName>(
  workflow: Name,
  { now, email = { send: isNotOurs }, createTopic, startExecution = isNotOurs }: WorkflowMeans,
): { steps: RunSteps<Name>; delivery: Delivery; shared: SharedMeans } {
  const settings = readSettings(['tableName', 'stage', 'publicUrl', 'keysRole', 'totogiUrl', 'totogiHosts']);
  const table = createTableClient(settings.tableName);
  const configurations = createConfigurations(table, now);
  const totogi = createTotogiClient({
    readSecret: createSecretReader(settings),
    stage: settings.stage,
    url: settings.totogiUrl,
    hosts: settings.totogiHosts,
    now,
  });
  const accountFacts = createAccountFactsReader(totogi, now);
  const delivery = createDelivery({
    table,
    configurations,
    accountFacts,
    sms: createSmsChannel(),
    email,
    publicUrl: settings.publicUrl,
    metrics: createMetrics('text-limits', now),
    topic: createTopic?.({ table, publicUrl: settings.publicUrl, now }),
    now,
  });
  const steps = createRunSteps(workflow, { table, configurations, accountFacts, startExecution, now });
  return { steps, delivery, shared: { table, configurations, totogi, now } };
}

async function isNotOurs(): Promise<never> {
  throw new Error('The workflow did not get this dependency. Add it in its function.ts.');
}
