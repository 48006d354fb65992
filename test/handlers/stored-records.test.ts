import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler as createLookups } from '../../src/handlers/lookup-api.ts';
import { createHandler as createProfiles } from '../../src/handlers/profiles-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { putOnce } from '../../src/platform/table.ts';
import { routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES, type RouteOf } from '../../src/schemas/api/routes.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { type Notification, Notification as NotificationRules } from '../../src/schemas/event/notification.ts';
import { messageKey, offerKey, profileKey, quarantineKey, replyKey, runKey } from '../../src/schemas/keys.ts';
import type { OfferRecord } from '../../src/schemas/offer/offer-record.ts';
import { notification } from '../builders/configuration.ts';
import { lambdaContext, loggedLines } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const START = Date.UTC(2026, 4, 1, 8);
const AT = new Date(START).toISOString();
const TENANT = 'mvno-stored';
const LONG = 'x'.repeat(5_000);

let database: TestTable;
let lookups: ReturnType<typeof createLookups>;
let profiles: ReturnType<typeof createProfiles>;
beforeAll(async () => {
  database = await openTestTable();
  lookups = createLookups({ tables: () => database.table, cursorKeys: ['k'.repeat(32)], now: () => START });
  profiles = createProfiles({ tables: () => database.table, now: () => START });
});
afterAll(() => database.close());

type Name = RouteOf<'lookup-api'> | RouteOf<'profiles-api'>;

async function get(name: Name, path: Record<string, string>): Promise<{ status: number; body: string }> {
  const route = ROUTES[name];
  const event = {
    routeKey: routeKey(route),
    rawPath: route.path,
    pathParameters: { tenant: TENANT, ...path },
    requestContext: { http: { method: route.method, path: route.path }, authorizer: { jwt: { claims: { tenant: TENANT } } } },
  } as unknown as APIGatewayProxyEventV2 & { requestContext: { authorizer: { jwt: { claims: Record<string, unknown> } } } };
  const handler = name === 'getProfile' ? profiles : lookups;
  const { result } = await loggedLines(() => handler(event, lambdaContext()));
  return { status: result.statusCode ?? 0, body: result.body ?? '' };
}

/** An event as rules of another day let it in. */
async function record(account: string): Promise<{ id: string; event: Notification }> {
  const event = notification({ tenant: TENANT, occurredAt: AT, fields: { plan: LONG, rolloveramount: '1'.repeat(5_000) } });
  Object.assign(event, { account, device: `d/${LONG}`, name: LONG, state: LONG, session: LONG });
  const id = eventId(event);
  const decision = { start: ['win-back' as const], configuration: 'v-1' };
  await recordEvent(database.table, createDayDirectory(database.table, 8), 8, {
    id,
    notification: event,
    receivedAt: AT,
    decision,
    original: undefined,
  });
  return { id, event };
}

async function recordRest(account: string, id: string): Promise<void> {
  const reference = { tenant: TENANT, account, eventId: id, workflow: 'win-back' };
  const result = { outcome: 'not-sent', reason: LONG };
  const waits = [{ step: LONG, at: 'then', until: LONG }];
  const run = { workflow: 'win-back', state: 'finished', configuration: LONG, startedAt: AT, finishedAt: AT, result, waits };
  await putOnce(database.table, { ...runKey(TENANT, account, id, 'win-back'), ...run });
  const message = { channel: 'sms', template: LONG, state: 'failed', reason: LONG, owner: LONG, to: LONG, text: LONG, claimedAt: AT };
  const keys = messageKey(TENANT, account, id, 'win-back', 'notice-sms');
  await putOnce(database.table, {
    ...keys,
    ...reference,
    step: 'notice-sms',
    configuration: LONG,
    receipt: { kind: 'failure', response: LONG },
    ...message,
  });
  const offer: OfferRecord = {
    ...{ tenant: TENANT, account, offerId: id, offer: `Old/${LONG}`, configuration: LONG, state: 'expired' },
    ...{ issuedAt: AT, validUntil: AT, attributedUntil: AT, reason: LONG },
  };
  await putOnce(database.table, { ...offerKey(offer), ...offer });
  await putOnce(database.table, { ...replyKey(TENANT, account, id), id, word: 'stop', sentAt: LONG });
}

test('records of values that input rules refuse today are read by every list and page', async () => {
  const { id, event } = await record('acc-old');
  expect(NotificationRules.safeParse(event).success).toBe(false);
  await recordRest('acc-old', id);
  const path = { account: 'acc-old' };
  for (const name of ['listAccountEvents', 'listTimeline'] as const) {
    const { status, body } = await get(name, path);
    expect([name, status, body.includes(LONG)]).toEqual([name, 200, true]);
  }
  for (const name of ['getEvent', 'explainEvent'] as const) {
    const { status, body } = await get(name, { ...path, eventId: id });
    expect([name, status, body.includes(LONG)]).toEqual([name, 200, true]);
  }
});

test('an event of an account whose id no path takes today is in the list of its tenant', async () => {
  const { id } = await record('old/acc\\1');
  const { status, body } = await get('listTenantEvents', {});
  expect([status, body.includes(id), body.includes('old/acc\\\\1')]).toEqual([200, true, true]);
});

test('a profile of values that input rules refuse today is read', async () => {
  const profile = {
    ...{ name: LONG, phone: '12', email: 'nobody', language: LONG, country: 'Xyz', region: LONG, timeZone: 'Mars/North', version: 1 },
    devices: [{ device: `d/${LONG}`, phone: 'none' }],
    consents: { marketing: { sms: { given: true, source: LONG, at: 'once' } } },
  };
  await putOnce(database.table, { ...profileKey(TENANT, 'acc-profile'), ...profile });
  const { status, body } = await get('getProfile', { account: 'acc-profile' });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ name: LONG, timeZone: 'Mars/North', devices: { [`d/${LONG}`]: { phone: 'none' } } });
});

test('what is in quarantine is listed whatever its times look like', async () => {
  const faults = [{ path: LONG, expected: LONG, received: LONG }];
  const row = { tenant: TENANT, state: 'quarantined', redrives: 0, reason: 'invalid', faults, receivedAt: 'once' };
  const id = eventId(notification({ tenant: TENANT, occurredAt: AT }));
  await createDayDirectory(database.table, 8)(TENANT, 'QUARANTINE', AT.slice(0, 10), undefined);
  await putOnce(database.table, { ...quarantineKey(TENANT, AT.slice(0, 10), id), ...row });
  const { status, body } = await get('listQuarantine', {});
  expect([status, body.includes(LONG)]).toEqual([200, true]);
});
