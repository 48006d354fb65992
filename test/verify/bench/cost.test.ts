import { afterAll, beforeAll, expect, test } from 'vitest';
import { countIngestion } from '../../../verify/bench/cost/count-ingestion.ts';
import { countRuns, rollover } from '../../../verify/bench/cost/count-runs.ts';
import { itemBytes } from '../../../verify/bench/cost/item-size.ts';
import { type MeteredService, startMeteredService } from '../../../verify/bench/cost/metered-service.ts';
import { readPrices } from '../../../verify/bench/cost/prices.ts';

const EVENTS = 200;
const RUNS = 2;

let service: MeteredService;
beforeAll(async () => {
  service = await startMeteredService(console.log);
  const { clock } = service.parts;
  // At noon: a day that begins between two events is noted by a call of its own.
  const [at, noon] = [clock.now(), new Date(clock.now()).setUTCHours(36, 0, 0, 0)];
  clock.advance((noon - at) / 1_000);
});
afterAll(() => service.close());

test('from queue to record an event takes one call of DynamoDB and two write units, and two lines of log for its batch and type', async () => {
  const taken = await countIngestion(EVENTS, 1);
  expect(taken.calls).toEqual({ PutItem: EVENTS });
  expect(taken.writeUnits).toBe(2 * EVENTS);
  expect(taken.logBytes / EVENTS).toBeLessThan(250);
});

test('a run that says one thing by text takes one invocation, seven durable operations, thirteen reads, ten writes and one part of a text', async () => {
  const usage = await countRuns(service, { warmUp: 1, runs: RUNS });
  const { starts, invocations, durableOperations, readUnits, writeUnits, smsParts, mails } = usage;
  expect({ starts, invocations, durableOperations, readUnits, writeUnits, smsParts, mails }).toEqual({
    starts: RUNS,
    invocations: RUNS,
    durableOperations: 7 * RUNS,
    readUnits: 13 * RUNS,
    writeUnits: 10 * RUNS,
    smsParts: RUNS,
    mails: 0,
  });
  const { 'Lambda checkpoint': checkpoints, ...calls } = usage.calls;
  expect(calls).toEqual({
    'DynamoDB GetItem': 12 * RUNS,
    'DynamoDB PutItem': 6 * RUNS,
    // The account's other texts, for its limit and for the episode.
    'DynamoDB Query': 2 * RUNS,
    'DynamoDB UpdateItem': 4 * RUNS,
    'SNS Publish': RUNS,
  });
  // The SDK may send two updates in one.
  expect(checkpoints).toBeLessThanOrEqual(12 * RUNS);
  expect(usage.durableBytes / RUNS).toBeLessThan(1_800);
  expect(service.usageOf('consume-notifications').calls).toEqual({ 'DynamoDB PutItem': RUNS, 'Lambda Invoke': RUNS });
});

test('an event that starts a run takes one call of DynamoDB and one start, its repeat a read more, and an invalid event one call', async () => {
  const { forget, usageOf, parts, put, goOn } = service;
  await countRuns(service, { warmUp: 1, runs: 0 });
  const callsFor = async (body: string) => {
    forget();
    put(body);
    await goOn();
    return usageOf('consume-notifications').calls;
  };
  const starting = rollover(1, parts.clock.now());
  expect(await callsFor(starting)).toEqual({ 'DynamoDB PutItem': 1, 'Lambda Invoke': 1 });
  expect(await callsFor(starting)).toEqual({ 'DynamoDB PutItem': 1, 'DynamoDB GetItem': 1, 'Lambda Invoke': 1 });
  const invalid = (run: number) => rollover(run, parts.clock.now()).replace('"accountid"', '"nobody"');
  // The first one notes the day.
  await callsFor(invalid(2));
  expect(await callsFor(invalid(3))).toEqual({ 'DynamoDB PutItem': 1 });
});

test('an item is weighed by its names, its texts and what nests', () => {
  expect(itemBytes({ pk: { S: 'é' }, n: { N: '1234' }, list: { L: [{ S: 'ab' }] }, map: { M: { a: { BOOL: true } } } })).toBe(
    4 + 4 + 10 + 9,
  );
});

test('every price has its source and its date', async () => {
  const prices = Object.values(await readPrices());
  expect(prices.every(({ source, asOf }) => source.startsWith('https://aws.amazon.com/') && asOf >= '2026-01')).toBe(true);
});
