import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepsWithinLimit } from '../../src/messaging/limits/account-texts.ts';
import { takeNumberSlot } from '../../src/messaging/limits/number-texts.ts';
import { takeTenantSlot } from '../../src/messaging/limits/tenant-texts.ts';
import { beginSendAttempt, claimMessage, finalizeMessage, releaseClaim } from '../../src/messaging/message-records.ts';
import { takeTextSlots } from '../../src/messaging/take-text-slots.ts';
import type { MetricCount } from '../../src/platform/metrics.ts';
import { isoTime } from '../../src/platform/time.ts';
import { lowestUlid } from '../../src/platform/ulid.ts';
import type { MessageReference } from '../../src/schemas/message/message.ts';
import { published } from '../builders/configuration.ts';
import { openTestTable } from '../builders/table.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const BURST = 24;
const limit = { perHour: 5, perDay: 8 };

let database: Awaited<ReturnType<typeof openTestTable>>;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

function message(account: string, number: number): MessageReference & { channel: 'sms' } {
  const eventId = lowestUlid(NOON + number);
  return { tenant: 'mvno-limits', account, eventId, workflow: 'credit-alert', step: 'notice-sms', channel: 'sms' };
}

const burst = (account: (number: number) => string) => Array.from({ length: BURST }, (_, number) => message(account(number), number));
const granted = (answers: boolean[]) => answers.filter((answer) => answer).length;

async function claim(text: ReturnType<typeof message>, at: number): Promise<void> {
  const known = { template: 't', owner: text.eventId, configuration: 'v-1', claimedAt: isoTime(at), class: 'service' } as const;
  await claimMessage(database.table, { ...text, ...known, state: 'claimed' });
}

const keeps = (text: ReturnType<typeof message>, claimedAt: number, at = NOON, most = limit) =>
  keepsWithinLimit(database.table, { message: text, at, limit: most, staleAfterHours: 48 }, isoTime(claimedAt));

describe('a claim within the limit of its account, of one text', () => {
  const one = { perHour: 1, perDay: 1 };
  const [first, second] = [message('of-two', 1), message('of-two', 2)];

  test('waits for a later one that has not decided yet, keeps itself once that gave up, and gives up when it never does', async () => {
    await claim(first, NOON);
    await claim(second, NOON + 1);
    await expect(keeps(first, NOON, NOON + 1, one)).rejects.toMatchObject({ name: 'Contended' });
    expect(await keeps(first, NOON, NOON + 6 * 60_000, one)).toBe(false);
    expect(await keeps(second, NOON + 1, NOON + 1, one)).toBe(false);
    await releaseClaim(database.table, second, 'account-limit');
    expect(await keeps(first, NOON, NOON + 1, one)).toBe(true);
  });

  test('gives up at once where a later one was sent before it was there', async () => {
    const [late, sent] = [message('of-late', 1), message('of-late', 2)];
    await claim(sent, NOON + 1);
    await beginSendAttempt(database.table, sent, 'attempt');
    await finalizeMessage(database.table, sent, { outcome: 'accepted', providerMessageId: 'late' }, NOON + 2);
    await claim(late, NOON);
    expect(await keeps(late, NOON, NOON + 2, one)).toBe(false);
  });
});

describe('a burst of texts', () => {
  test('to one number, about as many accounts, takes as many slots as there are, and a repeat finds its own', async () => {
    const { table } = database;
    const texts = burst((number) => `of-number-${number}`);
    const take = () => Promise.all(texts.map((text) => takeNumberSlot(table, { message: text, phone: '+14155550101', at: NOON }, limit)));
    const first = await take();
    expect(granted(first)).toBe(limit.perHour);
    expect(await take()).toEqual(first);
  });

  test('about one account keeps as many claims as it may have', async () => {
    const { table } = database;
    const claims = burst(() => 'of-account').map(async (text) => {
      await claim(text, NOON);
      const keepsIt = await keeps(text, NOON);
      if (!keepsIt) await releaseClaim(table, text, 'account-limit');
      return keepsIt;
    });
    expect(granted(await Promise.all(claims))).toBe(limit.perHour);
  });

  test.each([1, 7, 8, 20])('of one tenant takes as many slots of a day as it may, %i, and the next day has its own', async (most) => {
    const { table } = database;
    const texts = burst((number) => `of-tenant-${most}-${number}`).map((text) => ({ ...text, tenant: `mvno-${most}` }));
    const take = (at: number) => Promise.all(texts.map((text) => takeTenantSlot(table, { message: text, at, limit: most })));
    expect(granted((await take(NOON)).map(({ taken }) => taken))).toBe(most);
    expect(granted((await take(NOON + 24 * 3_600_000)).map(({ taken }) => taken))).toBe(most);
  });
});

describe('one text', () => {
  const at = NOON;
  const asking = (account: string, sms: object = {}, messageClass: 'service' | 'regulatory' = 'service') => ({
    message: { ...message(account, 1), tenant: `mvno-${account}` },
    messageClass,
    to: '+14155550102',
    policy: published({ sms }),
    at,
  });

  test('costs at most two write units', async () => {
    let units = 0;
    const { table } = database;
    const client = { ...table.client, send: table.client.send.bind(table.client) };
    const counting = {
      ...table,
      client: Object.assign(Object.create(table.client), {
        async send(command: { input: object }) {
          Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
          const answer = (await client.send(command as UpdateCommand)) as { ConsumedCapacity?: { CapacityUnits?: number } };
          const isWrite = !/^(Get|Query)/.test(command.constructor.name);
          if (isWrite) units += answer.ConsumedCapacity?.CapacityUnits ?? 0;
          return answer;
        },
      }),
    };
    expect(await takeTextSlots(counting, undefined, asking('costs'))).toBeUndefined();
    expect(units).toBe(2);
  });

  test('of a tenant that has few left rings, and one that has none says so; what the law requires goes on', async () => {
    const counted: MetricCount[] = [];
    const take = (messageClass: 'service' | 'regulatory', number: number) => {
      const one = asking('rings', { limits: { tenantPerDay: 1 } }, messageClass);
      const own = { ...one.message, step: `notice-${number}-sms` };
      return takeTextSlots(database.table, (counts) => counted.push(...counts), { ...one, message: own });
    };
    expect([await take('service', 1), await take('service', 2), await take('regulatory', 3)]).toEqual([
      undefined,
      'tenant-limit',
      undefined,
    ]);
    expect(counted.map(({ outcome }) => outcome)).toEqual(['at-80-percent', 'limit-reached']);
  });
});
