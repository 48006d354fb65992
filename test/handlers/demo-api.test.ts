import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/demo-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { notification, published } from '../builders/configuration.ts';
import { lambdaContext } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';
import { httpRequest } from '../cloudformation/minimal-events.ts';

const TENANT = 'mvno-demo';
const START = Date.UTC(2026, 4, 1);

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

type Asked = { query?: Record<string, string>; demoTenant?: string | undefined; claims?: Record<string, string> | undefined };

async function ask(asked: Asked = {}) {
  const { query, demoTenant, claims } = {
    query: { providerId: TENANT, accountId: 'acc-1' },
    demoTenant: TENANT,
    claims: undefined,
    ...asked,
  };
  const handler = createHandler({
    tables: () => database.table,
    configurations: createConfigurations(database.table, () => START),
    demoTenant,
  });
  const event = httpRequest({ route: 'GET /notifications', path: '/notifications', query });
  const requestContext = { ...event.requestContext, authorizer: claims && { jwt: { claims, scopes: null } } };
  const { statusCode, body = '{}' } = await handler({ ...event, requestContext } as unknown as APIGatewayProxyEventV2, lambdaContext());
  return { status: statusCode, body: JSON.parse(body) };
}

async function record(parts: Record<string, unknown>): Promise<void> {
  const event = notification({ tenant: TENANT, account: 'acc-1', ...parts });
  const decision = { start: [], reason: 'counter-good' as const };
  const stored = { id: eventId(event), notification: event, receivedAt: event.occurredAt, decision, original: undefined };
  await recordEvent(database.table, createDayDirectory(database.table, 8), 8, stored);
}

const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

describe('the route of the demo front end', () => {
  test('tells counters that are not good, the newest first, in the form that it reads', async () => {
    await record({ name: 'Data Thresholds', state: 'low', threshold: 500 * 1024 * 1024, occurredAt: at(1) });
    await record({ name: 'Voice Thresholds', state: 'warning90', threshold: 600, occurredAt: at(2) });
    await record({ name: 'Text Thresholds', state: 'low', threshold: undefined, occurredAt: at(3) });
    await record({ name: 'Data Thresholds', state: 'normal', threshold: 500, occurredAt: at(4) });
    await record({ name: 'Nobody Knows', state: 'low', threshold: 500, occurredAt: at(5) });
    await record({ type: 'PlanExpired', name: 'PlanExpired', state: 'expired', occurredAt: at(6) });
    await record({ type: 'UnitAllowanceThreshold', name: 'UnitAllowanceThreshold', state: 'low', threshold: undefined, occurredAt: at(7) });
    await record({ type: 'Unrecognised', name: 'Data of a plan', state: 'low', threshold: 500, occurredAt: at(8) });
    await record({ type: 'OutOfCredit', name: 'OutOfCredit', state: 'outOfCredit', threshold: 0, occurredAt: at(9) });
    expect(await ask()).toEqual({
      status: 200,
      body: {
        items: [
          { timestamp: at(7), message: 'NOTIFICATION: Threshold allowance low.', thresholdType: 'allowance' },
          { timestamp: at(3), message: 'NOTIFICATION: Threshold text low.', thresholdType: 'text' },
          { timestamp: at(2), message: 'NOTIFICATION: Threshold voice warning90 10 min.', thresholdType: 'voice' },
          { timestamp: at(1), message: 'NOTIFICATION: Threshold data low 500 MB.', thresholdType: 'data' },
        ],
      },
    });
    expect((await ask({ query: { providerId: TENANT, accountId: 'acc-none' } })).body).toEqual({ items: [] });
  });

  test('goes by what the tenant says that its counters mean, and is one page', async () => {
    const tenant = 'mvno-demo-own';
    const counters = [
      { names: ['Nobody Knows'], unit: 'percent' as const, counts: 'usage' as const, states: { low: 'critical' as const } },
    ];
    const own = published({ tenant, counters });
    await publishConfiguration(database.table, own, new Date(START));
    for (let minute = 0; minute < 27; minute += 1)
      await record({ tenant, name: 'Nobody Knows', state: 'low', threshold: 80, occurredAt: at(minute) });
    const { items } = (await ask({ query: { providerId: tenant, accountId: 'acc-1' }, demoTenant: tenant })).body;
    expect(items).toHaveLength(25);
    expect(items[0]).toEqual({ timestamp: at(26), message: 'NOTIFICATION: Threshold allowance low 80%.', thresholdType: 'allowance' });
  });

  test.each<[string, Asked, number]>([
    ['for the demo tenant, without a token', {}, 200],
    ['for any tenant where any is named, as locally', { demoTenant: '*' }, 200],
    ['for the tenant of a token', { demoTenant: undefined, claims: { tenant: TENANT } }, 200],
    ['not without a token where there is no demo tenant', { demoTenant: undefined }, 403],
    ['not for another than the demo tenant', { demoTenant: 'mvno-dem' }, 403],
    ['not for another than the tenant of a token', { demoTenant: undefined, claims: { tenant: 'mvno-other' } }, 403],
    ['not without an account', { query: { providerId: TENANT } }, 400],
    ['not with what it does not know', { query: { providerId: TENANT, accountid: 'acc-1' } }, 400],
    ['not for what is no tenant', { query: { providerId: '*', accountId: 'acc-1' }, demoTenant: '*' }, 400],
  ])('is open %s', async (_what, asked, status) => {
    expect((await ask(asked)).status).toBe(status);
  });
});
