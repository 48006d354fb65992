import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAwsEndpoint } from '../../local/aws-endpoint.ts';
import { createClock } from '../../local/clock.ts';
import { openHttpServer } from '../../local/http-server.ts';
import { createOutbox, type Outbox, type SentMessage } from '../../local/outbox/outbox.ts';
import { createSes } from '../../local/outbox/ses.ts';
import { createSns } from '../../local/outbox/sns.ts';
import { createSqs } from '../../local/queue/sqs.ts';
import { publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/record-email-receipts.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { findMessage } from '../../src/messaging/message-records.ts';
import { putProfile } from '../../src/profiles/profile-records.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import type { Channel } from '../../src/schemas/message/channel.ts';
import type { MessageReference } from '../../src/schemas/message/message.ts';
import { notification, published } from '../builders/configuration.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { patience } from '../builders/patience.ts';
import { deliveryOf, type SesEvent, tagged } from '../builders/receipts.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';
import { startEngine } from '../local/durable/engine.ts';
import { driveRuns } from '../local/durable/run-driver.ts';
import { temporaryDirectory } from '../local/temporary-directory.ts';
import { temporaryState } from '../local/temporary-state.ts';
import { refusal } from './carrier.ts';

const TENANT = 'mvno-example';
const NOW = Date.UTC(2026, 4, 1, 8);
/** In the call nobody can know whether it went, and what may have gone is never sent again. Before the call, and after its record, all is known. */
const MOMENTS = [
  { dies: 'before-the-claim', state: 'accepted', sent: 1 },
  { dies: 'after-the-claim', state: 'accepted', sent: 1 },
  { dies: 'before-the-call', state: 'accepted', sent: 1 },
  { dies: 'in-the-call', state: 'unknown', sent: 1 },
  { dies: 'after-the-call', state: 'unknown', sent: 1 },
  { dies: 'after-the-record', state: 'accepted', sent: 1 },
];

const templates = {
  'en/welcome.sms': { class: 'service' as const, text: 'Hello from {{ brand }}' },
  'en/welcome.email': { class: 'service' as const, subject: 'Hello', text: 'Hello from {{ brand }}' },
};

/** Delivery is the same code for all channels: of the others, only the moments at which their own calls differ. */
const MOMENTS_OF: [Channel, typeof MOMENTS][] = [
  ['sms', MOMENTS],
  ['email', MOMENTS.filter(({ dies }) => dies === 'in-the-call' || dies === 'after-the-call')],
];

/**
 * At most one send per claim, whatever crashes when: a process that tells a run is killed by `kill -9` at each moment, another one goes
 * on from its state on disk, and what reached the carrier is counted.
 */
describe.each(MOMENTS_OF)('one claim is one send at most, by %s', (channel, moments) => {
  let database: TestTable;
  beforeAll(async () => {
    database = await openTestTable();
    const configuration = published({ email: { from: { service: 'Example <care@example.net>' } } });
    await publishConfiguration(database.table, { ...configuration, templates }, new Date(NOW));
  });
  afterAll(() => database.close());

  test.each(moments)('killed $dies it is $state, sent $sent times', async ({ dies, state, sent }) => {
    const directory = temporaryDirectory();
    const message = await about(database, channel, `acc-${dies}`);
    const carrier = await openOutboxCarrier(database);
    const environment = { ...carrier.environment, TABLE_NAME: database.table.name, CHANNEL: channel };
    const { tenant, account, eventId: id } = message;
    const child = spawnRun(directory, { tenant, account, eventId: id }, { ...environment, DIES: dies });
    if (dies === 'in-the-call') carrier.onTaken(() => child.kill('SIGKILL'));
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');

    const engine = await startEngine(directory, {}, { key: 'delivering', environment });
    onTestFinished(() => engine.close());
    const [arn] = engine.state.db.prepare('SELECT arn FROM durable_executions').all();
    const ending = await driveRuns(engine).ending(String(arn?.arn));

    expect(ending).toContain(state === 'accepted' ? '"sent"' : '"unknown"');
    expect(await findMessage(database.table, message)).toMatchObject({ state, ...(state === 'unknown' && { reason: 'interrupted' }) });
    expect(carrier.taken).toHaveLength(sent);
    const known = { tenant, account, eventId: id, template: `welcome.${channel}` };
    if (state === 'accepted') expect(await carrier.outbox.read()).toMatchObject([{ channel, ...known }]);
    const [mail] = carrier.taken;
    if (state === 'unknown' && mail?.tag !== undefined) {
      await receive(database, tagged(deliveryOf(mail.messageId), mail.tag));
      expect(await findMessage(database.table, message)).toMatchObject({ state: 'delivered', providerMessageId: mail.messageId });
    }
  });

  test('a send that the carrier throttles is made again after a while, visibly, and goes once', async () => {
    const message = await about(database, channel, 'acc-throttled');
    const carrier = await openOutboxCarrier(database, { throttled: 2 });
    const environment = { ...carrier.environment, TABLE_NAME: database.table.name, CHANNEL: channel };
    const engine = await startEngine(temporaryDirectory(), {}, { key: 'delivering', environment });
    onTestFinished(() => engine.close());
    const { tenant, account, eventId: id } = message;
    const run = driveRuns(engine);
    const arn = await run.begin('delivering', { tenant, account, eventId: id });
    for (const attempt of [1, 2]) {
      await vi.waitFor(() => expect(carrier.asked()).toBe(attempt), patience);
      await run.suspended(arn);
      const postponed = { state: 'claimed', postponedFor: 'Throttling', postponedAt: expect.any(String) };
      expect(await findMessage(database.table, message)).toMatchObject(postponed);
      engine.clock.advance(20);
    }
    expect(await run.ending(arn)).toContain('"sent"');
    expect(await findMessage(database.table, message)).toMatchObject({ state: 'accepted' });
    expect([carrier.asked(), carrier.taken.length]).toEqual([3, 1]);
  });
});

/** Hands the function an event of SES. */
async function receive({ table }: TestTable, event: SesEvent): Promise<void> {
  const handler = createHandler({ table, now: () => NOW });
  const { result } = await loggedLines(() => handler(sqsEvent([JSON.stringify(event)], NOW), lambdaContext()));
  expect(result.batchItemFailures).toEqual([]);
}

async function about({ table }: TestTable, channel: Channel, account: string): Promise<MessageReference> {
  // Told now: a run about old news ends before it says anything.
  const occurredAt = new Date().toISOString();
  const activated = notification({ account, type: 'NewPlanActivated', name: 'NewPlanActivated', state: 'active', occurredAt });
  const decision = { start: ['welcome' as const], configuration: 'v-1' };
  const event = { id: eventId(activated), notification: activated, receivedAt: activated.occurredAt, decision, original: undefined };
  await recordEvent(table, createDayDirectory(table, 8), 8, event);
  await putProfile(table, { tenant: TENANT, account }, { phone: '+14155550101', email: 'ada@example.com' }, { source: 'test', at: NOW });
  return { tenant: TENANT, account, eventId: event.id, workflow: 'welcome', step: `notice-${channel}` };
}

type OutboxCarrier = {
  environment: Record<string, string>;
  outbox: Outbox;
  taken: SentMessage[];
  onTaken(then: () => void): void;
  /** How often it was asked, whatever it answered. */
  asked(): number;
};

/** The local service's carriers over HTTP, beside the table. What a message that was taken causes happens before anybody hears of it. */
async function openOutboxCarrier({ table }: TestTable, { throttled = 0 } = {}): Promise<OutboxCarrier> {
  const state = temporaryState();
  const outbox = createOutbox({ state, client: table.client, tableName: table.name });
  const taken: SentMessage[] = [];
  const onTaken = vi.fn();
  const noting = {
    ...outbox,
    add(message: SentMessage) {
      outbox.add(message);
      taken.push(message);
      onTaken();
    },
  };
  const server = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  onTestFinished(server.close);
  const now = () => NOW;
  const carriers = { sns: createSns({ outbox: noting, now }), ses: createSes({ outbox: noting, now }) };
  const sqs = createSqs({ state, clock: createClock(state), queues: [] });
  const putEvents = () => ({ status: 200 as const, body: { FailedEntryCount: 0, Entries: [] } });
  const endpoint = createAwsEndpoint({ ...carriers, putEvents, lambda: async () => undefined, sts: () => undefined, sqs, dynamoDbPort: 0 });
  let asked = 0;
  server.serve(async (request, response) => {
    asked += 1;
    if (asked > throttled) return endpoint(request, response);
    request.resume();
    refusal(400, 'Throttling', 'the rate')(response);
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      AWS_ENDPOINT_URL_SNS: url,
      AWS_ENDPOINT_URL_SES: url,
    },
    outbox,
    taken,
    onTaken: (then) => onTaken.mockImplementation(then),
    asked: () => asked,
  };
}

function spawnRun(directory: string, payload: unknown, environment: Record<string, string>): ChildProcess {
  const script = fileURLToPath(new URL('../local/durable/killable-delivery.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory, JSON.stringify(payload), JSON.stringify(environment)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
