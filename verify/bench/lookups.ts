import { ensureTable } from '../../local/database/table.ts';
import { packageStack } from '../../local/template/package-stack.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { listAccountEvents, listTenantEvents } from '../../src/ingest/event-lists.ts';
import type { Table } from '../../src/platform/table.ts';
import { startDynamoDBLocal } from '../conformance/parts/dynamodb-local.ts';
import { versions } from '../conformance/parts/versions.ts';
import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import { ACCOUNT, type History, idOf, SHARDS, seedHistory } from './lookups/history.ts';
import { createMeteredTable, type MeteredTable } from './lookups/metered-table.ts';
import { ratioOf, spreadOf } from './spread.ts';

const DAY = 86_400_000;
const EVENTS_PER_DAY = 1_000;
const SMALLEST = 100;
const SIZES = [SMALLEST, 10_000];
const THOROUGH_SIZES = [...SIZES, 1_000_000];
const SPARSE_DAYS = 400;
const PAGE = 25;
const PAGES_PER_ROUND = 50;
const LEVEL = 1.3;

export const lookups: Benchmark = {
  name: 'lookups',
  about: 'Time and read units of a page of 25 events, of an account and of a tenant, as the history grows (in DynamoDB Local)',
  needs: ['java', 'maven', 'x64'],
  async run(options) {
    await packageStack({ log: options.log, needs: 'template' });
    const server = await startDynamoDBLocal(options.log);
    try {
      const { table: definition } = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
      const metered = createMeteredTable(server.url, definition.TableName);
      await ensureTable(metered.table.client, definition);
      const figures = await measurePages(metered, options);
      metered.table.client.destroy();
      return { figures, notes: METHOD };
    } finally {
      await server.stop();
    }
  },
};

const METHOD = [
  `DynamoDB Local ${versions.DynamoDBLocal}, in memory: on disk it writes a tenth as fast. Read units are what it says a page consumed.`,
  `Every history has ${EVENTS_PER_DAY} events a day of one account, on ${SHARDS} shards, so that a page of the tenant is as dense in each; the sparse one has one event a day.`,
  `A page is the store's own, read by the code behind the API. A round reads each page ${PAGES_PER_ROUND} times by turns and takes the median; the ratio is to the same page of ${SMALLEST} events. 1,000,000 events are measured with --thorough.`,
];

type PagePosition = 'first' | 'middle' | 'last';
type Page = { name: string; besideName?: string; read(table: Table): Promise<{ entries: unknown[] }> };
type Readings = Map<string, { times: number[]; units: number[] }>;

async function measurePages(metered: MeteredTable, { rounds, thorough, log }: BenchmarkOptions): Promise<Figure[]> {
  const histories = (thorough ? THOROUGH_SIZES : SIZES).map(historyOf);
  const sparse: History = { tenant: 'bench-sparse', events: SPARSE_DAYS, millisecondsApart: DAY };
  for (const history of [...histories, sparse]) await seedHistory(metered.table, history, log);
  const pages = [...histories.flatMap(pagesOf), tenantPage(sparse, 'first', 'sparse timeline of a tenant, an event a day')];
  const readings: Readings = new Map(pages.map(({ name }) => [name, { times: [], units: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    const read = await readAll(metered, pages);
    // The first round warms up.
    if (round > 0) for (const [name, { time, units }] of read) addReading(readings, name, time, units);
    log(`round ${round} of ${rounds}`);
  }
  return pages.flatMap((page) => figuresOf(page, readings));
}

function addReading(readings: Readings, name: string, time: number, units: number): void {
  readings.get(name)?.times.push(time);
  readings.get(name)?.units.push(units);
}

/** In turns, so that a busy moment affects all sizes. */
async function readAll({ table, takeReadUnits }: MeteredTable, pages: Page[]): Promise<Map<string, { time: number; units: number }>> {
  const read = new Map(pages.map(({ name }) => [name, { times: [] as number[], units: 0 }]));
  for (let turn = 0; turn < PAGES_PER_ROUND; turn += 1) {
    for (const page of pages) {
      takeReadUnits();
      const started = performance.now();
      const { entries } = await page.read(table);
      const time = performance.now() - started;
      if (entries.length === 0) throw new Error(`${page.name} is empty.`);
      const known = read.get(page.name);
      known?.times.push(time);
      if (known) known.units = takeReadUnits();
    }
  }
  return new Map([...read].map(([name, { times, units }]) => [name, { time: spreadOf(times).median, units }]));
}

function historyOf(events: number): History {
  return { tenant: `bench-${events}`, events, millisecondsApart: DAY / EVENTS_PER_DAY };
}

function pagesOf(history: History): Page[] {
  const pagePositions: PagePosition[] = ['first', 'middle', 'last'];
  const named = (what: string, pagePosition: PagePosition, events: number) =>
    `${pagePosition} page of ${what}, ${events.toLocaleString('en-US')} events`;
  const beside = (what: string, pagePosition: PagePosition) =>
    history.events === SMALLEST ? {} : { besideName: named(what, pagePosition, SMALLEST) };
  return pagePositions.flatMap((pagePosition) => [
    { ...accountPage(history, pagePosition, named('an account', pagePosition, history.events)), ...beside('an account', pagePosition) },
    { ...tenantPage(history, pagePosition, named('a tenant', pagePosition, history.events)), ...beside('a tenant', pagePosition) },
  ]);
}

function accountPage(history: History, pagePosition: PagePosition, name: string): Page {
  const list = { ...listOf(history, pagePosition), account: ACCOUNT };
  return { name, read: (table) => listAccountEvents(table, list) };
}

function tenantPage(history: History, pagePosition: PagePosition, name: string): Page {
  const list = listOf(history, pagePosition);
  return { name, read: (table) => listTenantEvents(table, list) };
}

/** The list is descending: its last page has the earliest events. */
function listOf(history: History, pagePosition: PagePosition) {
  const after = { first: undefined, middle: Math.floor(history.events / 2), last: PAGE }[pagePosition];
  const position = after === undefined ? undefined : idOf(history, after);
  return { tenant: history.tenant, limit: PAGE, descending: true, after: position, accepts: () => true };
}

function figuresOf({ name, besideName }: Page, readings: Readings): Figure[] {
  const own = readings.get(name) ?? { times: [], units: [] };
  const other = besideName === undefined ? undefined : readings.get(besideName);
  const figure = (unit: string, values: number[], floor: number[] | undefined): Figure => ({
    figure: name,
    unit,
    measured: spreadOf(values),
    ...(floor && {
      beside: { what: `${SMALLEST} events`, spread: spreadOf(floor) },
      ratio: ratioOf(values, floor),
      promise: { atMost: LEVEL },
    }),
  });
  return [figure('ms', own.times, other?.times), figure('read units', own.units, other?.units)];
}
