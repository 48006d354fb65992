import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../local/database/table.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { listMessagesOfAccountSince, messageId } from '../../src/messaging/message-records.ts';
import type { Table } from '../../src/platform/table.ts';
import { MessageRecord as Message, type MessageRecord } from '../../src/schemas/message/message.ts';
import { RunRecord } from '../../src/workflows/engine/run-records.ts';
import { fictionalNumber } from '../../tooling/traffic/phone-numbers.ts';
import { createRandom } from '../../tooling/traffic/random.ts';
import { totogiEvent } from '../builders/events.ts';
import { eventually, type RunningService, runService } from '../builders/service.ts';

/** A larger run, by hand: `KILL_EVENTS=1000 KILLS=12 npx vitest run test/service/kills.test.ts`; `KILL_SEED` chooses the moments. */
const EVENTS = Number(process.env.KILL_EVENTS ?? 40);
const KILLS = Number(process.env.KILLS ?? 3);
const SEED = process.env.KILL_SEED ?? '7';

const TENANT = 'mvno-aurora';
const PLACE = { region: 'us-east-1', accountId: '000000000000' };
const DAY_SECONDS = 24 * 3_600;
const BATCH = 10;
/** How long after a message was claimed a kill may come, in milliseconds. */
const MAX_DELAY_MILLISECONDS = 40;
const PATIENCE_MILLISECONDS = 20_000 + EVENTS * 400;

/** One for each of the eight workflows that notifications start: name, state, threshold. */
const NOTIFICATIONS: [name: string, state: string, threshold?: number][] = [
  ['UnitAllowanceThreshold', 'low', 50],
  ['OutOfCredit', 'outOfCredit', 0],
  ['PlanExpiryWarning', 'warning'],
  ['PlanExpired', 'expired'],
  ['AutoRenewFailure', 'renewFailure'],
  ['AutoRenewSuccess', 'renewSuccess'],
  ['PlanRollover', 'rolloverOccured'],
  ['NewPlanActivated', 'active'],
];
const FINAL = new Set<MessageRecord['state']>(['accepted', 'delivered', 'failed', 'unknown', 'not-sent', 'merged']);

type OutboxRow = { messageId: string; tag: string | null; recipient: string; text: string };
type Records = { runs: RunRecord[]; messages: MessageRecord[]; events: number };

let service: RunningService;
/** Whoever uses the service waits for this: the one that is up, or the one that is coming. */
let up: Promise<RunningService>;

beforeAll(async () => {
  service = await runService();
  up = Promise.resolve(service);
  for (let first = 0; first < EVENTS; first += 20) {
    const numbers = Array.from({ length: Math.min(20, EVENTS - first) }, (_, index) => first + index);
    await Promise.all(numbers.map(subscribe));
  }
}, 300_000);
afterAll(() => service.end());

async function subscribe(number: number): Promise<void> {
  const contact = { phone: `+${fictionalNumber(number)}`, email: `person-${number}@example.com` };
  await service.write(TENANT, `/accounts/acc-${number}/profile`, { ...contact, language: number % 2 === 0 ? 'en' : 'es' });
}

function notification(number: number, invokedAt: string): PutEventsRequestEntry {
  const [name, state, threshold] = NOTIFICATIONS[number % NOTIFICATIONS.length] ?? ['', ''];
  const information = { name, state, ...(threshold === undefined ? {} : { threshold }) };
  const { detail } = totogiEvent({ tenant: TENANT, account: `acc-${number}`, invokedAt, information });
  return { Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) };
}

/** Sends as EventBridge does: what was not taken comes again, and what may have been taken too. */
async function send(): Promise<void> {
  const invokedAt = new Date().toISOString();
  for (let first = 0; first < EVENTS; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, EVENTS - first) }, (_, index) => first + index);
    const entries = numbers.map((number) => notification(number, invokedAt));
    while (!(await isTaken(entries))) await up;
  }
}

/** Each kill comes as a message of an event drawn by lot is being sent, whenever that is. */
async function killAtRandom(): Promise<void> {
  const random = createRandom(SEED);
  const drawn = Array.from({ length: KILLS }, () => random.integer(0, EVENTS - 1)).toSorted((one, other) => one - other);
  for (const number of drawn) {
    await whenReached(`acc-${number}`);
    await pause(random.integer(0, MAX_DELAY_MILLISECONDS));
    up = service.kill().then(() => runService(service.stateDirectory));
    service = await up;
  }
}

async function whenReached(account: string): Promise<void> {
  await withTable(async (table) => {
    while ((await listMessagesOfAccountSince(table, TENANT, account, 0)).length === 0) await pause(2);
  });
}

async function isTaken(batch: PutEventsRequestEntry[]): Promise<boolean> {
  try {
    await (await up).put(batch);
    return true;
  } catch {
    // The service was killed meanwhile; whether it took the batch nobody knows.
    return false;
  }
}

/** The local service's table, as its own functions reach it. */
async function withTable<Result>(work: (table: Table) => Promise<Result>): Promise<Result> {
  const client = connectDatabase({ port: Number(new URL(service.awsUrl).port), region: PLACE.region });
  try {
    return await work({ client, name: (await readPackagedStack(PLACE)).table.TableName });
  } finally {
    client.destroy();
  }
}

/** Everything on record. */
function readRecords(): Promise<Records> {
  return withTable(async ({ client, name }) => {
    const found: Records = { runs: [], messages: [], events: 0 };
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true }))
      for (const item of Items) partOfRecord(found, item);
    return found;
  });
}

/** The offers that some workflows hand over to are left out: nobody here agreed to marketing, so they say nothing. */
function partOfRecord(found: Records, item: Record<string, unknown>): void {
  if (item.workflow === 'retention-offer') return;
  const [kind] = String(item.sk).split('#');
  if (kind === 'EVENT' && 'timeline' in item) found.events += 1;
  if (kind === 'RUN') found.runs.push(RunRecord.parse(item));
  if (kind === 'MESSAGE') found.messages.push(Message.parse(item));
}

function readOutbox(): OutboxRow[] {
  const db = new DatabaseSync(join(service.stateDirectory, 'state.db'), { readOnly: true });
  try {
    return db
      .prepare('SELECT messageId, tag, recipient, text FROM outbox')
      .all()
      .map(({ messageId: id, tag, recipient, text }) => ({
        messageId: String(id),
        tag: tag === null ? null : String(tag),
        recipient: String(recipient),
        text: String(text),
      }));
  } finally {
    db.close();
  }
}

/** The record of what went out: by the carrier's id, by our tag, or by its words where nobody knows what became of the call. */
function recordOf(row: OutboxRow, messages: MessageRecord[]): MessageRecord[] {
  const named = messages.filter((message) => message.providerMessageId === row.messageId || messageId(message) === row.tag);
  if (named.length > 0) return named;
  return messages.filter(({ state, to, text }) => state === 'unknown' && to === row.recipient && text === row.text);
}

/** Each run has ended, or waits for what a later time brings: one that tells of a failed renewal for the second reminder in the end. */
const isAtRest = ({ runs }: Records, waiting: number) =>
  runs.length === EVENTS && runs.every(({ state, waits }) => state === 'finished' || waits.length === waiting);
const areFinal = ({ messages }: Records) => messages.every(({ state }) => FINAL.has(state));

test(
  `kill -9 at ${KILLS} moments among ${EVENTS} events loses none of them and sends no claim twice`,
  async () => {
    await Promise.all([send(), killAtRandom()]);
    const whenAtRest = (waiting: number) =>
      eventually(readRecords, (records) => isAtRest(records, waiting) && areFinal(records), PATIENCE_MILLISECONDS);
    expect((await whenAtRest(1)).events).toBe(EVENTS);
    // The reminders: of a plan's end and of a failed renewal after two days, the last one after five.
    await service.advance(3 * DAY_SECONDS);
    await whenAtRest(2);
    await service.advance(3 * DAY_SECONDS);
    const finished = await whenAtRest(0);
    await service.kill();
    const outbox = readOutbox();
    const { runs, messages } = finished;
    const states = Object.fromEntries([...Map.groupBy(messages, ({ state }) => state)].map(([state, { length }]) => [state, length]));
    console.log(`${EVENTS} events, ${KILLS} kills: ${runs.length} runs, ${JSON.stringify(states)}, ${outbox.length} sent`);

    expect(runs.filter(({ result }) => result?.outcome === 'failed')).toEqual([]);
    const claims = outbox.map((row) => recordOf(row, messages).map((message) => messageId(message)));
    expect(claims.filter(({ length }) => length !== 1)).toEqual([]);
    expect(new Set(claims.flat()).size).toBe(outbox.length);
    const sent = new Set(claims.flat());
    expect(messages.filter((message) => message.state === 'accepted' && !sent.has(messageId(message)))).toEqual([]);
    expect(messages.filter(({ state }) => !['accepted', 'unknown'].includes(state))).toEqual([]);
    expect(messages.length).toBe(expectedMessages());
  },
  60_000 + EVENTS * 600,
);

/** What the workflows of the eight say in all, when nothing ends them early: `src/workflows/` tells which. */
function expectedMessages(): number {
  const shares = [1, 2, 2, 1, 4, 1, 1, 2];
  return Array.from({ length: EVENTS }, (_, number) => shares[number % shares.length] ?? 0).reduce((sum, count) => sum + count, 0);
}
