import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/consume-notifications.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { findEvent } from '../../src/ingest/event-records.ts';
import { parseEvent } from '../../src/ingest/parse-event.ts';
import { type HostileShape, hostileShapes } from '../../tooling/traffic/hostile-shapes.ts';
import { published } from '../builders/configuration.ts';
import { bodyOf, totogiEvent } from '../builders/events.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.UTC(2026, 4, 1, 8, 1);
const BYTES = 9_000;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
  await publishConfiguration(database.table, published({ tenant: 'mvno-example' }), new Date(NOW));
});
afterAll(() => database.close());

function consumer() {
  const { table } = database;
  return createHandler({
    table,
    shards: 8,
    recordDay: createDayDirectory(table, 8),
    configurations: createConfigurations(table, () => NOW),
    startExecution: async () => undefined,
    now: () => NOW,
  });
}

const goodEvent = (account: string) => totogiEvent({ account, information: { name: 'TierReached', state: 'gold' } });

/** One shape for each hostile value and one for each place, so that each of both is met. */
function oneOfEach(): HostileShape[] {
  const values = new Set<string>();
  const places = new Set<string>();
  return [...hostileShapes({ bytes: BYTES, seed: 5 })].filter(({ name }) => {
    const [value = '', place = ''] = name.split(/ (?:at|among those of) /);
    const isChosen = !places.has(place) || !values.has(value);
    places.add(place);
    values.add(value);
    return isChosen;
  });
}

test('a hostile event among nine good ones: the nine are recorded in the first invocation, and it is recorded or put aside itself', async () => {
  const handler = consumer();
  for (const [index, { name, body }] of oneOfEach().entries()) {
    const good = Array.from({ length: 9 }, (_, number) => goodEvent(`acc-${index}-${number}`));
    const bodies = good.map(bodyOf).toSpliced(index % 10, 0, body);
    const { result, lines } = await loggedLines(() => handler(sqsEvent(bodies, NOW), lambdaContext()));
    expect(result.batchItemFailures, name).toEqual([]);
    const done = lines.filter(({ message }) => message === 'batch handled');
    const sum = (outcome: string) => done.reduce((total, line) => total + Number(line[outcome] ?? 0), 0);
    expect(sum('recorded') + sum('unknown-tenant') + sum('repeated') + sum('quarantined'), name).toBe(10);
    expect(sum('recorded'), name).toBeGreaterThanOrEqual(9);
    if (!parseEvent(body).valid) expect(sum('quarantined') + sum('repeated'), name).toBe(1);
    const read = parseEvent(bodyOf(good[8]));
    expect(read.valid && (await findEvent(database.table, 'mvno-example', `acc-${index}-8`, read.id)), name).toBeTruthy();
  }
});
