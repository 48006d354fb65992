import { join } from 'node:path';
import { packageStack } from '../../local/template/package-stack.ts';
import { unpackFunction } from '../conformance/parts/packaged-function.ts';
import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import type { SubjectResult, SubjectTask } from './consume/subject.ts';
import type { TakenIn } from './cost/count-ingestion.ts';
import { type CountedMix, countMix } from './cost/count-mix.ts';
import { COUNTED_RUNS, COUNTED_WORKFLOW, countRuns, WARM_UP_RUNS } from './cost/count-runs.ts';
import {
  BATCH_SIZE,
  BATCH_WAITING_MILLISECONDS,
  GIGABYTE,
  LAMBDA_LOG_BYTES,
  line,
  MEMORY_GIGABYTES,
  MILLION,
  PROCESSOR_SHARE,
  storageLines,
  TRACED_SHARE,
  usageLines,
} from './cost/lines.ts';
import { type MeteredService, startMeteredService } from './cost/metered-service.ts';
import { describePrices, notesOnIngestion, notesOnWorkflows } from './cost/notes.ts';
import { type Prices, readPrices } from './cost/prices.ts';
import type { Usage } from './cost/usage.ts';
import { BENCH_TENANT, functionEnvironment, publishBenchTenant } from './parts/bench-tenant.ts';
import { inChild } from './parts/child.ts';
import { startPutItemEndpoint } from './parts/put-item-endpoint.ts';
import type { Spread } from './spread.ts';

const EVENTS = 2_000;
const MAX_USD = 1.9;
/** EventBridge sends each event in its own request; Lambda receives and deletes each batch with one request each. */
const SQS_REQUESTS = 1 + 2 / BATCH_SIZE;

export const cost: Benchmark = {
  name: 'cost',
  about:
    'What a million notifications cost from queue to record, and beside it workflows, messages and storage: calls, units and bytes as counted, times the price list',
  needs: [],
  async run(options) {
    const prices = await readPrices();
    const taken = await inChild<TakenIn>(new URL('cost/counter.ts', import.meta.url), { events: EVENTS, seed: options.seed }, environment);
    const processor = await processorTime(options);
    const lines = linesOf(taken, processor, prices);
    const sum = (pick: (spread: Spread) => number) => lines.reduce((total, { measured }) => total + pick(measured), 0);
    const all = { median: sum(({ median }) => median), low: sum(({ low }) => low), high: sum(({ high }) => high), rounds: options.rounds };
    const total: Figure = { figure: 'from queue to record, with the index', unit: UNIT, measured: all, promise: { atMost: MAX_USD } };
    options.log(`${COUNTED_RUNS} runs of one workflow …`);
    const run = await onService(options.log, (service) => countRuns(service, { warmUp: WARM_UP_RUNS, runs: COUNTED_RUNS }));
    const mix = await onService(options.log, (service) => countMix(service, options.seed, options.log));
    return {
      figures: [
        total,
        ...lines,
        ...besideLines(taken, prices),
        ...workflowLines({ run, mix }, prices),
        ...storageLines(mix, taken.eventBytes / taken.events, prices),
      ],
      notes: [...notesOnIngestion(taken), ...notesOnWorkflows({ run, mix }), describePrices(prices)],
    };
  },
};

const UNIT = 'USD per million';
const environment = functionEnvironment('http://127.0.0.1:9');

/** Of the packaged consumer, in microseconds per event. */
async function processorTime({ rounds, seed, log }: BenchmarkOptions): Promise<number[]> {
  await packageStack({ log: log });
  const { folder, handler } = await unpackFunction('consume-notifications');
  // The endpoint stops weighing items before the measurement starts.
  const endpoint = await startPutItemEndpoint(EVENTS);
  try {
    await publishBenchTenant(endpoint.url);
    const task = { tenant: BENCH_TENANT, seed, batchSize: BATCH_SIZE, warmUpEvents: EVENTS, events: EVENTS };
    const subject: SubjectTask = { ...task, bundle: join(folder, handler.replace(/handler$/, 'js')) };
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const program = new URL('consume/subject.ts', import.meta.url);
      times.push((await inChild<SubjectResult>(program, subject, functionEnvironment(endpoint.url))).microsecondsPerEvent);
      log(`round ${round + 1}: ${times.at(-1)?.toFixed(0)} µs per event`);
    }
    return times;
  } finally {
    await endpoint.close();
  }
}

function linesOf(taken: TakenIn, microsecondsPerEvent: number[], prices: Prices): Figure[] {
  const { events, invocations } = taken;
  const seconds = microsecondsPerEvent.map(
    (microseconds) => microseconds / PROCESSOR_SHARE / MILLION + BATCH_WAITING_MILLISECONDS / 1_000 / BATCH_SIZE,
  );
  const logBytes = (taken.logBytes + invocations * LAMBDA_LOG_BYTES) / events;
  return [
    line('SQS requests', UNIT, [SQS_REQUESTS], prices.sqsRequests),
    line('Lambda requests', UNIT, [invocations / events], prices.lambdaRequests),
    line(
      'Lambda GB-seconds',
      UNIT,
      seconds.map((each) => each * MEMORY_GIGABYTES),
      prices.lambdaGigabyteSeconds,
    ),
    line('DynamoDB writes, table and index', UNIT, [taken.writeUnits / events], prices.writeUnits),
    line('DynamoDB reads', UNIT, [taken.readUnits / events], prices.readUnits),
    line("the function's log", UNIT, [logBytes / GIGABYTE], prices.logGigabytes),
  ];
}

/** Costs that are optional or belong to the bus. */
function besideLines({ eventBytes, events, invocations }: TakenIn, prices: Prices): Figure[] {
  const gigabytes = eventBytes / events / GIGABYTE;
  return [
    line('beside: archive of the bus, ingest', UNIT, [gigabytes], prices.archiveGigabytes),
    line('beside: catch-all log of the bus', UNIT, [gigabytes], prices.logGigabytes),
    line('beside: traces of the consumer', UNIT, [(invocations / events) * TRACED_SHARE], prices.traces),
  ];
}

function workflowLines({ run, mix }: { run: Usage; mix: CountedMix }, prices: Prices): Figure[] {
  return [
    ...usageLines(`run of ${COUNTED_WORKFLOW} with a text`, 'USD per million runs', { usage: run, count: COUNTED_RUNS }, prices),
    ...usageLines('workflows of the mix', UNIT, { usage: mix.workflows, count: mix.events }, prices),
  ];
}

/** Each count has its own service. */
async function onService<Counted>(log: (line: string) => void, count: (service: MeteredService) => Promise<Counted>): Promise<Counted> {
  const service = await startMeteredService(log);
  try {
    return await count(service);
  } finally {
    await service.close();
  }
}
