import { join } from 'node:path';
import { unpackFunction } from '../conformance/parts/packaged-function.ts';
import { packageStack } from '../local/template/package-stack.ts';
import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import type { SubjectResult, SubjectTask } from './consume/subject.ts';
import type { TakenIn } from './cost/count-taking-in.ts';
import { type Prices, readPrices } from './cost/prices.ts';
import { BENCH_TENANT, functionEnvironment, publishBenchTenant } from './parts/bench-tenant.ts';
import { inChild } from './parts/child.ts';
import { startPutItemEndpoint } from './parts/put-item-endpoint.ts';
import { type Spread, spreadOf } from './spread.ts';

const MILLION = 1_000_000;
const GIGABYTE = 2 ** 30;
const EVENTS = 2_000;
const BATCH_SIZE = 10;
const MOST_USD = 1.9;
/** EventBridge sends each event to the queue by a request of its own; Lambda takes and deletes a batch by one each. */
const SQS_REQUESTS = 1 + 2 / BATCH_SIZE;
const MEMORY_GIGABYTES = 0.5;
/** Lambda gives a whole processor at 1,769 MB. */
const PROCESSOR_SHARE = 512 / 1_769;
/** Waiting for DynamoDB, the items of a batch side by side: assumed, since no stand-in tells it. */
const WAITING_MILLISECONDS = 10;
/** START, END and REPORT, which Lambda writes for each invocation. */
const LAMBDA_LOG_BYTES = 350;

/** What a million notifications cost by AWS's price list. */
export const cost: Benchmark = {
  name: 'cost',
  about: 'What a million notifications cost from queue to record, with the index: calls, units and bytes as counted, times the price list',
  needs: [],
  async run(options) {
    const prices = await readPrices();
    const taken = await inChild<TakenIn>(new URL('cost/counter.ts', import.meta.url), { events: EVENTS, seed: options.seed }, environment);
    const processor = await processorTime(options);
    const lines = linesOf(taken, processor, prices);
    const sum = (pick: (spread: Spread) => number) => lines.reduce((total, { measured }) => total + pick(measured), 0);
    const all = { median: sum(({ median }) => median), low: sum(({ low }) => low), high: sum(({ high }) => high), rounds: options.rounds };
    const total: Figure = { figure: 'from queue to record, with the index', unit: UNIT, measured: all, promise: { atMost: MOST_USD } };
    return { figures: [total, ...lines, ...besideLines(taken, prices)], notes: notesOf(taken) };
  },
};

const UNIT = 'USD per million';
const environment = functionEnvironment('http://127.0.0.1:9');

/** Of the packaged consumer, in microseconds per event. */
async function processorTime({ rounds, seed, say }: BenchmarkOptions): Promise<number[]> {
  await packageStack({ log: say });
  const { folder, handler } = await unpackFunction('consume-notifications');
  const endpoint = await startPutItemEndpoint();
  try {
    await publishBenchTenant(endpoint.url);
    const task = { tenant: BENCH_TENANT, seed, batchSize: BATCH_SIZE, warmUpEvents: EVENTS, events: EVENTS };
    const subject: SubjectTask = { ...task, bundle: join(folder, handler.replace(/handler$/, 'js')) };
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const program = new URL('consume/subject.ts', import.meta.url);
      times.push((await inChild<SubjectResult>(program, subject, functionEnvironment(endpoint.url))).microsecondsPerEvent);
      say(`round ${round + 1}: ${times.at(-1)?.toFixed(0)} µs per event`);
    }
    return times;
  } finally {
    await endpoint.close();
  }
}

function linesOf(taken: TakenIn, microsecondsPerEvent: number[], prices: Prices): Figure[] {
  const { events, invocations } = taken;
  const seconds = microsecondsPerEvent.map(
    (microseconds) => microseconds / PROCESSOR_SHARE / MILLION + WAITING_MILLISECONDS / 1_000 / BATCH_SIZE,
  );
  const logBytes = (taken.logBytes + invocations * LAMBDA_LOG_BYTES) / events;
  return [
    line('SQS requests', [SQS_REQUESTS], prices.sqsRequests),
    line('Lambda requests', [invocations / events], prices.lambdaRequests),
    line(
      'Lambda GB-seconds',
      seconds.map((each) => each * MEMORY_GIGABYTES),
      prices.lambdaGigabyteSeconds,
    ),
    line('DynamoDB writes, table and index', [taken.writeUnits / events], prices.writeUnits),
    line('DynamoDB reads', [taken.readUnits / events], prices.readUnits),
    line("the function's log", [logBytes / GIGABYTE], prices.logGigabytes),
  ];
}

/** What can be left out, or belongs to the bus. */
function besideLines({ eventBytes, events }: TakenIn, prices: Prices): Figure[] {
  const gigabytes = eventBytes / events / GIGABYTE;
  return [
    line('beside: archive of the bus, taking in', [gigabytes], prices.archiveGigabytes),
    line('beside: catch-all log of the bus', [gigabytes], prices.logGigabytes),
  ];
}

function line(figure: string, perEvent: number[], { usd, per }: Prices[keyof Prices]): Figure {
  return { figure, unit: UNIT, measured: spreadOf(perEvent.map((amount) => (amount * MILLION * usd) / per)) };
}

function notesOf({ events, invocations, calls, writeUnits, logBytes, eventBytes }: TakenIn): string[] {
  const each = (amount: number) => (amount / events).toFixed(3);
  const asked = Object.entries(calls).map(([operation, count]) => `${each(count)} ${operation}`);
  return [
    `Counted over ${events} events in ${invocations} batches of ${BATCH_SIZE}, per event: ${asked.join(', ')}, ${each(writeUnits)} write units, ${each(logBytes)} bytes logged, ${each(eventBytes)} bytes of event.`,
    `Billed time is the measured processor time at the share of a processor that 512 MB have (512 / 1,769), and ${WAITING_MILLISECONDS} ms of waiting for DynamoDB for each batch, which is assumed. Lambda's own lines are taken as ${LAMBDA_LOG_BYTES} bytes for each invocation.`,
    'Prices stand in bench/cost/prices.yml with source and date: us-east-1, no free tier. A sender in another account pays for the event on the bus. Metrics are billed by the month, each 0.30 USD, not by the event. Batches that are not full cost more.',
    'Not in it: the runs of workflows and their durable operations, the messages, and storage.',
  ];
}
