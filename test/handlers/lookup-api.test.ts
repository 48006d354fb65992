import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CursorKeys } from '../../src/api/cursor.ts';
import { createHandler } from '../../src/handlers/lookup-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { quarantineEvent } from '../../src/ingest/quarantine.ts';
import { ulidTime } from '../../src/platform/ulid.ts';
import { routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES, type RouteOf } from '../../src/schemas/api/routes.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { notification } from '../builders/configuration.ts';
import { lambdaContext, loggedLines } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 4, 1);
const KEY = 'k'.repeat(32);
const RECEIVED_AT = '2026-05-01T08:00:00.000Z';

let database: TestTable;
let handler: ReturnType<typeof createHandler>;

beforeAll(async () => {
  database = await openTestTable();
  handler = handlerWith([KEY]);
});
afterAll(() => database.close());

const handlerWith = (cursorKeys: CursorKeys) => createHandler({ tables: () => database.table, cursorKeys, now: () => START });

type Reply = {
  status: number;
  type: string | undefined;
  cache: unknown;
  body: Record<string, unknown> & { data: Record<string, unknown>[]; next: string | null };
};
type Request = {
  path: Record<string, string>;
  query?: Record<string, string>;
  claims?: Record<string, unknown>;
  /** Serves it in place of the one that all share. */
  by?: typeof handler;
};

async function call(
  name: RouteOf<'lookup-api'>,
  { path, query = {}, claims = { tenant: path.tenant }, by = handler }: Request,
): Promise<Reply> {
  const route = ROUTES[name];
  const http = { method: route.method, path: route.path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' };
  const event = {
    routeKey: routeKey(route),
    rawPath: route.path,
    pathParameters: path,
    queryStringParameters: query,
    requestContext: { http, authorizer: { jwt: { claims } } },
  } as unknown as APIGatewayProxyEventV2 & { requestContext: { authorizer: { jwt: { claims: Record<string, unknown> } } } };
  const { result } = await loggedLines(() => by(event, lambdaContext()));
  return {
    status: result.statusCode ?? 0,
    type: String(result.headers?.['content-type']),
    cache: result.headers?.['cache-control'],
    body: JSON.parse(result.body ?? '{}'),
  };
}

async function record(parts: Record<string, unknown>, shards = 8): Promise<string> {
  const event = notification(parts);
  const id = eventId(event);
  const decision = { start: [], reason: 'counter-good' as const, configuration: 'v-1' };
  const stored = { id, notification: event, receivedAt: RECEIVED_AT, decision, original: undefined };
  await recordEvent(database.table, createDayDirectory(database.table, shards), shards, stored);
  return id;
}

const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();

async function walk(name: RouteOf<'lookup-api'>, path: Record<string, string>, query: Record<string, string> = {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; pages.length < 200; ) {
    const { status, body } = await call(name, { path, query: { ...query, ...(cursor ? { cursor } : {}) } });
    expect(status).toBe(200);
    pages.push(body.data.map(({ id }) => String(id)));
    if (body.next === null) return pages;
    cursor = body.next;
  }
  throw new Error('The list does not end.');
}

describe("an account's events", () => {
  const path = { tenant: 'mvno-list', account: 'acc:1 ü' };
  const ids: string[] = [];

  beforeAll(async () => {
    for (let index = 0; index < 30; index += 1) {
      const type = index % 3 === 0 ? { type: 'PlanExpired', name: 'PlanExpired', state: 'expired' } : {};
      ids.push(await record({ ...path, occurredAt: at(index * MINUTE), ...type }));
    }
    await record({ ...path, account: 'acc:1 üx' });
    await record({ ...path, tenant: 'mvno-lis' });
  });

  test('come newest first, page by page, each once', async () => {
    expect((await walk('listAccountEvents', path, { limit: '7' })).map((page) => page.length)).toEqual([7, 7, 7, 7, 2]);
    expect((await walk('listAccountEvents', path, { limit: '7' })).flat()).toEqual(ids.toReversed());
    expect((await walk('listAccountEvents', path, { limit: '10', order: 'asc' })).flat()).toEqual(ids);
  });

  test('of a range are those from `from` on and before `to`', async () => {
    const range = { from: at(5 * MINUTE), to: at(8 * MINUTE), order: 'asc' };
    expect((await walk('listAccountEvents', path, range)).flat()).toEqual(ids.slice(5, 8));
    const offset = { from: '2026-05-01T02:05:00.000+02:00', to: '2026-05-01T00:08:00.0001Z', order: 'asc' };
    expect((await walk('listAccountEvents', path, offset)).flat()).toEqual(ids.slice(5, 9));
    expect((await walk('listAccountEvents', path, { from: at(MINUTE), to: at(MINUTE) })).flat()).toEqual([]);
  });

  test('are filtered by type and state', async () => {
    const expired = ids.filter((_id, index) => index % 3 === 0).toReversed();
    expect((await walk('listAccountEvents', path, { type: 'PlanExpired', limit: '4' })).flat()).toEqual(expired);
    expect((await walk('listAccountEvents', path, { type: 'PlanExpired,CounterThreshold' })).flat()).toHaveLength(30);
    expect((await walk('listAccountEvents', path, { state: 'low', type: 'PlanExpired' })).flat()).toEqual([]);
  });

  test('are filtered by device and name, alone and together', async () => {
    const account = 'acc-filters';
    const recordedAs = async (parts: Record<string, unknown>) => record({ ...path, account, ...parts });
    const [voice, data, other] = [
      await recordedAs({ device: 'dev-1', name: 'Voice Thresholds', occurredAt: at(1) }),
      await recordedAs({ device: 'dev-1', name: 'Data Thresholds', occurredAt: at(2) }),
      await recordedAs({ device: 'dev-2', name: 'Data Thresholds', occurredAt: at(3) }),
    ];
    const listed = async (query: Record<string, string>) => (await walk('listAccountEvents', { ...path, account }, query)).flat();
    expect(await listed({ device: 'dev-1' })).toEqual([data, voice]);
    expect(await listed({ name: 'Data Thresholds' })).toEqual([other, data]);
    expect(await listed({ name: 'Data Thresholds', device: 'dev-2' })).toEqual([other]);
    expect(await listed({ name: 'data thresholds' })).toEqual([]);
  });

  test('end a page before its reply is too long for Lambda, and go on with the next', async () => {
    const account = 'acc-long';
    const long: string[] = [];
    // Quotation marks grow twice: in the reply's JSON, and in that of the function's answer.
    for (let index = 0; index < 8; index += 1)
      long.push(await record({ ...path, account, occurredAt: at(index), fields: { much: '"'.repeat(180_000) } }));
    const pages = await walk('listAccountEvents', { ...path, account }, { order: 'asc' });
    expect(pages.flat()).toEqual(long);
    expect(pages.length).toBeGreaterThan(1);
  });

  test('are nobody else’s to keep', async () => {
    expect((await call('listAccountEvents', { path })).cache).toBe('private, no-store');
    expect((await call('getEvent', { path: { ...path, eventId: 'x' } })).cache).toBe('private, no-store');
  });

  test('that come in while somebody pages do not move the older ones', async () => {
    const account = 'acc-moving';
    const older = [await record({ ...path, account, occurredAt: at(1) }), await record({ ...path, account, occurredAt: at(2) })];
    const first = await call('listAccountEvents', { path: { ...path, account }, query: { limit: '1' } });
    await record({ ...path, account, occurredAt: at(3) });
    const second = await call('listAccountEvents', { path: { ...path, account }, query: { limit: '1', cursor: String(first.body.next) } });
    expect([first, second].flatMap(({ body }) => body.data.map(({ id }) => id))).toEqual(older.toReversed());
    expect(second.body.next).toBeNull();
  });

  test('are told in one form, and one by one', async () => {
    const eventPath = { ...path, eventId: ids[0] ?? '' };
    const { status, body } = await call('getEvent', { path: eventPath });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: ids[0],
      tenant: 'mvno-list',
      account: 'acc:1 ü',
      type: 'PlanExpired',
      name: 'PlanExpired',
      state: 'expired',
      fields: {},
      occurredAt: at(0),
      receivedAt: RECEIVED_AT,
    });
    const explanation = await call('explainEvent', { path: eventPath });
    expect(explanation.body).toMatchObject({
      event: body,
      workflows: [],
      reason: 'counter-good',
      configuration: 'v-1',
      summary: expect.any(String),
    });
    expect((await call('getEvent', { path: { ...path, eventId: `${ids[0]?.slice(0, -1)}Z` } })).status).toBe(404);
  });
});

describe("a tenant's timeline", () => {
  const path = { tenant: 'mvno-timeline' };
  const ids: string[] = [];

  beforeAll(async () => {
    for (let index = 0; index < 60; index += 1) {
      const day = index < 20 ? -index * 40 : index % 12;
      ids.push(await record({ ...path, account: `acc-${index % 7}`, occurredAt: at(day * DAY + index * MINUTE) }, index % 2 === 0 ? 8 : 4));
    }
    ids.sort();
  });

  test.each(['7', '100'])('merges days, gaps of weeks and shards in order, in pages of %s', async (limit) => {
    expect((await walk('listTenantEvents', path, { limit })).flat()).toEqual(ids.toReversed());
    expect((await walk('listTenantEvents', path, { limit, order: 'asc' })).flat()).toEqual(ids);
  });

  test('keeps to a range across days', async () => {
    const range = { from: at(2 * DAY), to: at(5 * DAY + 30 * MINUTE) };
    const timeOf = (id: string) => new Date(ulidTime(id)).toISOString();
    const inside = ids.filter((id) => timeOf(id) >= range.from && timeOf(id) < range.to);
    expect(inside.length).toBeGreaterThan(5);
    expect((await walk('listTenantEvents', path, { ...range, order: 'asc' })).flat()).toEqual(inside);
  });

  test.each([1, 33, 64])('walks days of %d shards to their end', async (shards) => {
    const tenant = `mvno-shards-${shards}`;
    const own: string[] = [];
    for (const day of [0, 1, 2, 40]) own.push(await record({ tenant, occurredAt: at(day * DAY) }, shards));
    expect((await walk('listTenantEvents', { tenant }, { limit: '1' })).flat()).toEqual(own.toReversed());
    expect((await walk('listTenantEvents', { tenant }, { limit: '1', order: 'asc' })).flat()).toEqual(own);
  });

  test('of one account is that account’s own list', async () => {
    const own = (await walk('listAccountEvents', { ...path, account: 'acc-3' })).flat();
    expect(own.length).toBeGreaterThan(5);
    expect((await walk('listTenantEvents', path, { account: 'acc-3', limit: '4' })).flat()).toEqual(own);
    expect((await walk('listTenantEvents', path, { account: 'acc-none' })).flat()).toEqual([]);
  });

  test.each(['asc', 'desc'])('walked page by page (%s) while events come in has each older event exactly once', async (order) => {
    const tenant = `mvno-busy-${order}`;
    const older: string[] = [];
    for (let index = 0; index < 20; index += 1)
      older.push(await record({ tenant, account: `acc-${index % 3}`, occurredAt: at(((index * 7) % 20) * 6 * 60 * MINUTE) }));
    const seen: string[] = [];
    for (let cursor = '', page = 0; ; page += 1) {
      const { body } = await call('listTenantEvents', { path: { tenant }, query: { order, limit: '3', ...(cursor ? { cursor } : {}) } });
      seen.push(...body.data.map(({ id }) => String(id)));
      if (body.next === null) break;
      cursor = body.next;
      // Before, among and after what is listed.
      for (const hour of [-1, (page * 11) % 120, 121])
        await record({ tenant, account: 'acc-new', occurredAt: at(hour * 60 * MINUTE + page) });
    }
    expect(seen.filter((id) => older.includes(id)).toSorted()).toEqual(older.toSorted());
    expect(seen).toEqual(order === 'asc' ? seen.toSorted() : seen.toSorted().reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('answers what it has, with a next, when its budget of partitions is used up', async () => {
    const pages = await walk('listTenantEvents', path, { state: 'nowhere' });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual([]);
  });
});

describe('the quarantine', () => {
  test('is listed with faults, newest first, page by page', async () => {
    const recordDay = createDayDirectory(database.table, 8);
    const faults = [{ path: 'detail.eventdata.accountid', expected: 'text', received: 'nothing' }];
    for (let index = 0; index < 5; index += 1) {
      const event = { reason: 'invalid' as const, faults, original: `{"n":${index}}`, envelopeId: `e-${index}`, receivedAt: RECEIVED_AT };
      const times = { envelopeTime: START - index * DAY, sentAt: START };
      await quarantineEvent(database.table, recordDay, { ...event, ...times, originalIs: 'detail', tenant: 'mvno-aside' });
    }
    const path = { tenant: 'mvno-aside' };
    const pages = await walk('listQuarantine', path, { limit: '2' });
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    const { body } = await call('listQuarantine', { path, query: { limit: '1', from: at(0) } });
    expect(body.data).toEqual([
      {
        id: pages[0]?.[0],
        tenant: 'mvno-aside',
        reason: 'invalid',
        faults,
        envelopeId: 'e-0',
        receivedAt: RECEIVED_AT,
        state: 'quarantined',
        redrives: 0,
      },
    ]);
  });

  test('of events without a tenant opens to a token of the reserved tenant alone', async () => {
    expect((await call('listQuarantine', { path: { tenant: '-' } })).status).toBe(200);
    expect((await call('listQuarantine', { path: { tenant: '-' }, claims: { tenant: 'mvno-list' } })).status).toBe(403);
  });
});

describe('a request that does not hold', () => {
  const path = { tenant: 'mvno-list', account: 'acc-1' };

  test.each<[string, Record<string, string>, string]>([
    ['an unknown type', { type: 'PlanExploded' }, 'type'],
    ['one unknown type of two', { type: 'PlanExpired,X' }, 'type'],
    ['`from` after `to`', { from: at(2), to: at(1) }, 'from'],
    ['a limit of 0', { limit: '0' }, 'limit'],
    ['a limit of 101', { limit: '101' }, 'limit'],
    ['a limit that is no number', { limit: '1e1' }, 'limit'],
    ['a time that is none', { from: 'yesterday' }, 'from'],
    ['a day that does not exist', { to: '2026-02-30T00:00:00Z' }, 'to'],
    ['a time without an offset', { to: '2026-05-01T00:00:00' }, 'to'],
    ['an unknown order', { order: 'up' }, 'order'],
    ['an empty state', { state: '' }, 'state'],
    ['an unknown parameter, with the nearest name,', { form: at(1) }, 'form'],
    ['a cursor that is none', { cursor: 'abc' }, 'cursor'],
  ])('%s is refused with a problem that names it', async (_what, query, parameter) => {
    const { status, type, body } = await call('listAccountEvents', { path, query });
    expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
    expect(body).toMatchObject({ title: 'Bad Request', status: 400, errors: [{ parameter }], requestId: lambdaContext().awsRequestId });
    expect(body.errors).toEqual([{ parameter, detail: expect.stringMatching(/expected|did you mean "from"/) }]);
  });

  test('a cursor of another query is refused', async () => {
    const listed = { tenant: 'mvno-list', account: 'acc:1 ü' };
    const { body } = await call('listAccountEvents', { path: listed, query: { limit: '1' } });
    const cursor = String(body.next);
    for (const query of [{ order: 'asc' }, { type: 'PlanExpired' }, { from: at(0) }]) {
      expect((await call('listAccountEvents', { path: listed, query: { ...query, cursor } })).body.errors).toMatchObject([
        { parameter: 'cursor' },
      ]);
    }
    expect((await call('listAccountEvents', { path, query: { cursor } })).status).toBe(400);
    expect((await call('listTenantEvents', { path: { tenant: 'mvno-list' }, query: { cursor } })).status).toBe(400);
    expect((await call('listAccountEvents', { path: listed, query: { limit: '5', cursor } })).status).toBe(200);
  });

  test('a cursor outlives a new key for as long as the one before is believed', async () => {
    const listed = { tenant: 'mvno-list', account: 'acc:1 ü' };
    const cursor = String((await call('listAccountEvents', { path: listed, query: { limit: '1' } })).body.next);
    const followed = async (keys: CursorKeys) => call('listAccountEvents', { path: listed, query: { cursor }, by: handlerWith(keys) });
    expect((await followed(['n'.repeat(32), KEY])).status).toBe(200);
    expect((await followed(['n'.repeat(32)])).body).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
  });

  test('a cursor that was tampered with is refused, whatever was changed', async () => {
    const listed = { tenant: 'mvno-list', account: 'acc:1 ü' };
    const cursor = String((await call('listAccountEvents', { path: listed, query: { limit: '1' } })).body.next);
    const bytes = Buffer.from(cursor, 'base64url');
    const altered = Array.from(bytes, (byte, index) => {
      const copy = Buffer.from(bytes);
      copy[index] = byte ^ 1;
      return copy.toString('base64url');
    });
    for (const tampered of [...altered, `${cursor}A`, cursor.slice(0, -1), `${cursor}=`, ` ${cursor}`, 'A', '']) {
      const { status, body } = await call('listAccountEvents', { path: listed, query: { cursor: tampered } });
      expect({ status, errors: body.errors }, tampered).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
    }
  });

  test('types in another order are the same query', async () => {
    const listed = { tenant: 'mvno-list', account: 'acc:1 ü' };
    const first = await call('listAccountEvents', { path: listed, query: { limit: '1', type: 'PlanExpired,CounterThreshold' } });
    const query = { type: 'CounterThreshold,PlanExpired', cursor: String(first.body.next) };
    expect((await call('listAccountEvents', { path: listed, query })).status).toBe(200);
  });

  test.each([
    ['an account with "#"', { ...path, account: 'a#b', eventId: '01KKNTQ0YNPJBSK8RRE6731T96' }, 'account'],
    ['an event id that is none', { ...path, eventId: 'x' }, 'eventId'],
  ])('%s in the path is refused', async (_what, eventPath, parameter) => {
    expect((await call('getEvent', { path: eventPath })).body.errors).toMatchObject([{ parameter }]);
  });

  test.each([[{ tenant: 'mvno-lis' }], [{ tenant: '[mvno-list]' }], [{}], [{ tenant: '' }], [{ tenant: 'MVNO-LIST' }]])(
    'a token with the claims %j does not open another tenant',
    async (claims) => {
      const served = Object.entries(ROUTES).filter(([, { servedBy }]) => servedBy === 'lookup-api');
      expect(served.length).toBeGreaterThan(4);
      for (const [name] of served as [RouteOf<'lookup-api'>, unknown][]) {
        const { status, type } = await call(name, { path: { ...path, eventId: '01KKNTQ0YNPJBSK8RRE6731T96' }, claims });
        expect({ status, type }).toEqual({ status: 403, type: 'application/problem+json' });
      }
    },
  );
});
