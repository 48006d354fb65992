import { setTimeout as pause } from 'node:timers/promises';
import { publishConfiguration } from '../../src/configuration/configurations.ts';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import { type ObservedService, startObserved } from '../shared/observed-service.ts';
import type { Schedule } from '../shared/schedule.ts';
import { createHistory, type History } from './history.ts';
import { type FaultProxy, type FaultSource, openFaultProxy } from './injection/fault-proxy.ts';
import { loseCheckpoints, type MutationName, requestMutation } from './mutations.ts';
import { keepNamesOnly } from './names-only.ts';
import { openWatch, type Watch } from './recorder.ts';
import { createRedelivery, type Redelivery } from './redelivery.ts';
import { openSandboxes, type Sandboxes } from './sandboxes.ts';
import { configurations } from './tenants.ts';

export type Harness = Omit<ObservedService, 'put' | 'tenants'> & {
  watch: Watch;
  history: History;
  redelivery: Redelivery;
  reachCarriers: FaultProxy['reachCarriers'];
  /** Puts up to ten entries onto the bus. */
  put(entries: TrafficEntry[]): void;
  /** Resolves when nothing is running and nothing is due now. */
  idle(): Promise<void>;
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

/** Starts the service with the proof's tenants. */
export async function startHarness({ nextFault, mutation, ingestOnly, keep, log }: HarnessOptions): Promise<Harness> {
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
  const put = (entries: TrafficEntry[]) => service.put(entries.map(toBus));
  const redelivery = createRedelivery(watch.recorder, (entry) => put([entry]));
  if (!ingestOnly) watch.listen(redelivery.listener);
  const proxy = await openFaultProxy({ sandboxes, watch, nextFault, mutation: requestMutation(mutation), redeliver: redelivery.again });
  const service = await startObserved({
    proxy,
    around: sandboxes.around,
    aws: ({ aws }) => (ingestOnly ? { ...aws, lambda: keepNamesOnly() } : aws),
    keep,
    log,
  });
  const { parts, table, schedule } = service;
  if (mutation === 'checkpoints') lose = loseCheckpoints(parts.state);
  for (const configuration of configurations()) await publishConfiguration(table, configuration, new Date(parts.clock.now()));
  return {
    ...service,
    watch,
    history: createHistory(parts),
    redelivery,
    reachCarriers: proxy.reachCarriers,
    put,
    idle: () => idle(sandboxes, schedule),
  };
}

async function idle(sandboxes: Sandboxes, schedule: Schedule): Promise<void> {
  do await pause(POLL_MILLISECONDS);
  while (sandboxes.atWork() > 0 || schedule.isDue());
}

function toBus({ time, source, detailType, detail }: TrafficEntry) {
  return { Time: time.getTime() / 1_000, Source: source, DetailType: detailType, Detail: detail };
}
