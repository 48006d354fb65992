import { setTimeout as pause } from 'node:timers/promises';
import { startService } from '../../local/service.ts';
import type { ServiceParts } from '../../local/service-parts.ts';
import { publishConfiguration } from '../../src/store/configurations.ts';
import type { Table } from '../../src/store/table.ts';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import { openTemporaryFolder } from '../leave-nothing.ts';
import { type FaultProxy, type FaultSource, openFaultProxy } from './faults/fault-proxy.ts';
import { createHistory, type History } from './history.ts';
import { loseCheckpoints, type MutationName, requestMutation } from './mutations.ts';
import { keepNamesOnly } from './names-only.ts';
import { openWatch, type Watch } from './recorder.ts';
import { createRedelivery, type Redelivery } from './redelivery.ts';
import { openSandboxes, type Sandboxes } from './sandboxes.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { configurations } from './tenants.ts';

/** The service as `npm start` composes it, with a proxy between its functions and AWS. */
export type Harness = {
  parts: ServiceParts;
  /** The address of the pages that messages link to. */
  apiUrl: string;
  table: Table;
  watch: Watch;
  schedule: Schedule;
  history: History;
  redelivery: Redelivery;
  reachCarriers: FaultProxy['reachCarriers'];
  /** Puts up to ten entries onto the bus. */
  put(entries: TrafficEntry[]): void;
  /** Resolves when nothing is running and nothing is due now. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type HarnessOptions = {
  nextFault: FaultSource;
  mutation: MutationName | undefined;
  /** Notifications are ingested, and workflow starts are only recorded. */
  ingestOnly: boolean;
  /** The state stays on disk. */
  keep: boolean;
  log: (line: string) => void;
};

const POLL_MILLISECONDS = 10;

/**
 * Starts the service with the proof's tenants in its own folder, which is removed when the process exits at the latest, unless it is kept.
 */
export async function startHarness({ nextFault, mutation, ingestOnly, keep, log }: HarnessOptions): Promise<Harness> {
  const folder = await openTemporaryFolder();
  if (keep) {
    folder.keep();
    log(`The state of the service stays in ${folder.path}.`);
  }
  const watch = openWatch();
  let lose: (arn: string) => void = () => undefined;
  const sandboxes = openSandboxes({
    onDeath: watch.died,
    onFailed: watch.failed,
    onSuspended(arn) {
      watch.survived(arn);
      lose(arn);
    },
  });
  const redelivery = createRedelivery(watch.recorder, (entry) => put(parts, [entry]));
  if (!ingestOnly) watch.listen(redelivery.listener);
  const proxy = await openFaultProxy({ sandboxes, watch, nextFault, mutation: requestMutation(mutation), redeliver: redelivery.again });
  const service = await startService({
    stateDirectory: folder.path,
    port: 0,
    awsPort: 0,
    log,
    environment: { awsUrl: proxy.url, carriersUrl: proxy.carriersUrl, totogiUrl: proxy.totogiUrl, around: sandboxes.around },
  });
  const { parts } = service;
  if (mutation === 'checkpoints') lose = loseCheckpoints(parts.state);
  const aws = ingestOnly ? { ...parts.aws, lambda: keepNamesOnly() } : parts.aws;
  proxy.serve({ aws, totogiPort: Number(new URL(service.apiUrl).port), now: parts.clock.now });
  const table = { client: parts.client, name: parts.stack.table.TableName };
  for (const configuration of configurations()) await publishConfiguration(table, configuration, new Date(parts.clock.now()));
  const schedule = createSchedule(parts);
  return {
    parts,
    apiUrl: service.apiUrl,
    table,
    watch,
    schedule,
    history: createHistory(parts),
    redelivery,
    reachCarriers: proxy.reachCarriers,
    put: (entries) => put(parts, entries),
    idle: () => idle(sandboxes, schedule),
    async close() {
      await service.close();
      await proxy.close();
      if (!keep) folder.remove();
    },
  };
}

async function idle(sandboxes: Sandboxes, schedule: Schedule): Promise<void> {
  do await pause(POLL_MILLISECONDS);
  while (sandboxes.atWork() > 0 || schedule.isDue());
}

function put({ aws }: ServiceParts, entries: TrafficEntry[]): void {
  const Entries = entries.map(({ time, source, detailType, detail }) => ({
    Time: time.getTime() / 1_000,
    Source: source,
    DetailType: detailType,
    Detail: detail,
    EventBusName: 'totogi-notifications',
  }));
  const { body } = aws.putEvents({ Entries }, { accessKeyId: undefined });
  if (!('FailedEntryCount' in body) || body.FailedEntryCount !== 0) throw new Error(`The bus refused events: ${JSON.stringify(body)}`);
}
