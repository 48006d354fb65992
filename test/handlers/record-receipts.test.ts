import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler as createEmailHandler } from '../../src/handlers/record-email-receipts.ts';
import { createHandler as createSmsHandler } from '../../src/handlers/record-sms-receipts.ts';
import { claimMessage, finalizeMessage, findMessage } from '../../src/messaging/message-records.ts';
import { listDayFigures } from '../../src/offers/counts.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { findOffer } from '../../src/offers/offer-records.ts';
import { isSuppressed } from '../../src/profiles/suppressions.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { updateState } from '../builders/message-state.ts';
import { offer } from '../builders/offers.ts';
import { bounceOf, claimedMessage, complaintOf, deliveryOf, logBatch, MAIL, PHONE, rejectOf, smsStatusOf } from '../builders/receipts.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.parse('2026-05-01T08:01:00Z');
const TENANT = 'mvno-example';

let opened: TestTable;
let accounts = 0;
let message: ReturnType<typeof claimedMessage>;
const table = () => opened.table;

beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());
beforeEach(() => {
  accounts += 1;
  message = claimedMessage({ account: `acc-${accounts}`, to: `ada-${accounts}@example.com` });
});

/** A message that the carrier accepted under an id of its own. */
async function send(parts: Partial<Omit<MessageRecord, 'state'>> = {}): Promise<string> {
  message = { ...message, ...parts };
  const id = `provider-${accounts}`;
  await claimMessage(table(), message);
  await finalizeMessage(table(), message, { outcome: 'accepted', providerMessageId: id }, NOW);
  return id;
}

const stored = () => findMessage(table(), message);
const suppressed = () => isSuppressed(table(), TENANT, 'email', message.to ?? '');

describe('record-email-receipts', () => {
  const handle = async (events: unknown[], sentAt = NOW - 30_000) => {
    const handler = createEmailHandler({ table: table(), now: () => NOW });
    const bodies = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)));
    const { result, lines } = await loggedLines(() => handler(sqsEvent(bodies, sentAt), lambdaContext()));
    expect(JSON.stringify(lines)).not.toMatch(/ada|@|acc-|provider-/);
    const counted = lines.flatMap((line) => ('_aws' in line ? [line.outcome] : []));
    return { failures: result.batchItemFailures, counted, line: lines.find((line) => String(line.message).startsWith('batch')) };
  };

  test('puts a delivery on the record, once', async () => {
    const id = await send();
    const { failures, line } = await handle([deliveryOf(id)]);
    expect(failures).toEqual([]);
    expect(line).toMatchObject({ tenants: [TENANT], recorded: 1 });
    expect(await stored()).toMatchObject({ state: 'delivered', receipt: { kind: 'delivery' }, receiptAt: '2026-05-01T08:00:05.000Z' });
    expect((await handle([deliveryOf(id)])).line).toMatchObject({ repeated: 1 });
    expect(await suppressed()).toBe(false);
  });

  test('lets a permanent bounce overrule the delivery, in either order, and suppresses the address', async () => {
    const id = await send();
    await handle([deliveryOf(id), bounceOf(id)]);
    expect(await stored()).toMatchObject({
      state: 'failed',
      receipt: { kind: 'bounce', type: 'Permanent', subtype: 'General', status: '5.1.1' },
    });
    expect(await suppressed()).toBe(true);
    expect((await handle([deliveryOf(id)])).line).toMatchObject({ superseded: 1 });
    expect((await handle([bounceOf(id)])).line).toMatchObject({ repeated: 1 });
    expect(await stored()).toMatchObject({ state: 'failed', receiptAt: '2026-05-01T08:00:06.000Z' });
  });

  test('takes a bounce that is not permanent for a failure only where nothing was delivered, and suppresses nothing', async () => {
    const id = await send();
    await handle([bounceOf(id, { bounceType: 'Transient' })]);
    expect(await stored()).toMatchObject({ state: 'failed' });
    accounts += 1;
    message = claimedMessage({ account: `acc-${accounts}` });
    const delivered = await send();
    // One after the other: records of one batch are handled beside each other.
    expect((await handle([deliveryOf(delivered)])).line).toMatchObject({ recorded: 1 });
    expect((await handle([bounceOf(delivered, { bounceType: 'Transient' })])).line).toMatchObject({ superseded: 1 });
    expect(await stored()).toMatchObject({ state: 'delivered' });
    expect(await suppressed()).toBe(false);
  });

  test('notes a complaint on what stays delivered, and suppresses the address', async () => {
    const id = await send();
    await handle([complaintOf(id), deliveryOf(id)]);
    expect(await stored()).toMatchObject({ state: 'delivered', receipt: { kind: 'complaint', feedback: 'abuse' } });
    expect(await suppressed()).toBe(true);
    expect((await handle([complaintOf(id)])).line).toMatchObject({ repeated: 1 });
  });

  test('takes a rejection for a failure', async () => {
    const id = await send();
    await handle([rejectOf(id)]);
    expect(await stored()).toMatchObject({ state: 'failed', receipt: { kind: 'reject', response: 'Bad content' } });
  });

  test('suppresses the address that SES names where the record has been erased', async () => {
    const { to: _, ...erased } = message;
    message = erased;
    await handle([bounceOf(await send())]);
    expect(await isSuppressed(table(), TENANT, 'email', MAIL)).toBe(true);
  });

  test('lets a receipt that is faster than our own note come again, then counts it as unmatched', async () => {
    const early = await handle([deliveryOf('provider-none')]);
    expect(early).toMatchObject({ failures: [{ itemIdentifier: 'message-0' }], counted: ['early'] });
    const late = await handle([deliveryOf('provider-none')], NOW - 3_600_000);
    expect(late.failures).toEqual([]);
    expect(late.line).toMatchObject({ tenants: ['-'], unmatched: 1 });
  });

  test('counts a receipt as failed, and not as early, where the table cannot be reached', async () => {
    const handler = createEmailHandler({ table: { ...table(), name: 'no-such-table' }, now: () => NOW });
    const { lines } = await loggedLines(() => handler(sqsEvent([JSON.stringify(deliveryOf('provider-none'))], NOW), lambdaContext()));
    expect(lines).toContainEqual(expect.objectContaining({ service: 'record-email-receipts', outcome: 'failed', receipts: 1 }));
  });

  test('takes a receipt for a message whose sending nobody has put on record yet', async () => {
    const id = await send();
    await updateState(table(), message, 'claimed');
    await handle([deliveryOf(id)]);
    expect(await stored()).toMatchObject({ state: 'delivered', providerMessageId: id });
  });

  test('acknowledges what is no event of SES', async () => {
    const { failures, line } = await handle(['no JSON', { source: 'aws.ses', detail: { eventType: 'Open' } }, { detail: {} }]);
    expect(failures).toEqual([]);
    expect(line).toMatchObject({ invalid: 3 });
  });
});

describe('record-sms-receipts', () => {
  const handle = async (event: { awslogs: { data: string } }) => {
    const handler = createSmsHandler({ table: table() });
    const { lines } = await loggedLines(() => handler(event, lambdaContext()));
    expect(JSON.stringify(lines)).not.toMatch(/4155550142|acc-|provider-/);
    return lines.find((line) => String(line.message).startsWith('batch'));
  };
  const text = { channel: 'sms', step: 'notice-sms', to: PHONE } as const;

  test('puts what the carrier said on the record, once', async () => {
    const id = await send(text);
    const batch = logBatch([smsStatusOf(id, 'SUCCESS', 'Message has been accepted by phone carrier')]);
    expect(await handle(batch)).toMatchObject({ recorded: 1 });
    expect(await stored()).toMatchObject({
      state: 'delivered',
      receipt: { kind: 'delivery', response: 'Message has been accepted by phone carrier' },
      receiptAt: '2026-05-01T08:00:03.000Z',
    });
    expect(await handle(batch)).toMatchObject({ repeated: 1 });
  });

  test('counts the delivery of an offer with its issue, once', async () => {
    const id = await send({ ...text, workflow: 'retention-offer', class: 'marketing' });
    const reference = { tenant: TENANT, account: message.account, offerId: message.eventId };
    await issueOffer(table(), { ...reference, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW);
    const batch = logBatch([smsStatusOf(id, 'SUCCESS', 'ok')]);
    for (let time = 0; time < 2; time += 1) await handle(batch);
    expect(await findOffer(table(), reference)).toMatchObject({ state: 'issued', deliveredBy: ['sms'] });
    const days = await listDayFigures(table(), { tenant: TENANT, offer: 'free-month', from: NOW, to: NOW + 1 });
    expect(days).toMatchObject([{ figures: { issued: 1, sms: { delivered: 1 } } }]);
  });

  test('puts a failure on the record without the number', async () => {
    const id = await send(text);
    await handle(logBatch([smsStatusOf(id, 'FAILURE', `Invalid phone number ${PHONE}`)]));
    expect(await stored()).toMatchObject({ state: 'failed', receipt: { kind: 'failure', response: 'Invalid phone number …' } });
  });

  test('counts lines of other senders and lines that are none', async () => {
    const line = await handle(logBatch([smsStatusOf('provider-none', 'SUCCESS', 'ok'), 'no JSON', '{}']));
    expect(line).toMatchObject({ tenants: ['-'], unmatched: 1, invalid: 2 });
  });

  test('keeps silent about the message that only asks whether it is there', async () => {
    expect(await handle(logBatch(['CWL CONTROL MESSAGE'], 'CONTROL_MESSAGE'))).toBeUndefined();
  });

  test('fails as a whole when the table does not answer, so that Lambda tries again', async () => {
    const id = await send(text);
    const handler = createSmsHandler({ table: { ...table(), name: 'no-such-table' } });
    const batch = logBatch([smsStatusOf(id, 'SUCCESS', 'ok')]);
    await expect(loggedLines(() => handler(batch, lambdaContext()))).rejects.toThrow('1 of 1 lines could not be handled');
  });
});
