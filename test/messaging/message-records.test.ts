import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginSendAttempt,
  claimMessage,
  finalizeMessage,
  findMessage,
  holdMessage,
  listMessages,
  mergeMessage,
  messageId,
  postponeSendAttempt,
  recordNotSent,
  writeReceiptPath,
} from '../../src/messaging/message-records.ts';
import { recordReceipt } from '../../src/messaging/receipts/receipt-records.ts';
import type { Table } from '../../src/platform/table.ts';
import { eraseMessageCopies } from '../../src/profiles/message-copies.ts';
import type { MessageState, SendResult } from '../../src/schemas/message/message.ts';
import type { Receipt } from '../../src/schemas/message/receipt.ts';
import { claimedMessage, EVENT_ID, messageReference } from '../builders/records.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = Date.UTC(2026, 4, 1, 8);
const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };
const delivery: Receipt = { becomes: 'delivered', overrulesDelivery: false, detail: { kind: 'delivery' }, at: '2026-05-01T08:05:00.000Z' };
const bounce: Receipt = {
  becomes: 'failed',
  overrulesDelivery: true,
  detail: { kind: 'bounce', type: 'Permanent' },
  at: '2026-05-01T09:00:00.000Z',
};

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

type Account = { table: Table; account: string };
type Act = (where: Account) => Promise<{ outcome: string }>;

const messageOf = (account: string, owner = 'execution-1') => claimedMessage({ account, owner });
const claim: Act = ({ table, account }) => claimMessage(table, messageOf(account));
const claimByOther: Act = ({ table, account }) => claimMessage(table, messageOf(account, 'execution-2'));
const hold: Act = ({ table, account }) =>
  holdMessage(table, { ...messageOf(account), state: 'held', heldUntil: '2026-05-02T08:00:00.000Z' });
const keepUnsent: Act = ({ table, account }) => recordNotSent(table, { ...messageOf(account), state: 'not-sent', reason: 'opted-out' });
const merge: Act = ({ table, account }) => mergeMessage(table, { ...messageOf(account), state: 'merged', mergedInto: EVENT_ID });
const begin: Act = ({ table, account }) => beginSendAttempt(table, messageReference({ account }), 'attempt-1');
const beginAnother: Act = ({ table, account }) => beginSendAttempt(table, messageReference({ account }), 'attempt-2');
const postpone: Act = ({ table, account }) =>
  postponeSendAttempt(table, messageReference({ account }), { attemptId: 'attempt-1', reason: 'Throttled', at: AT });
const finalize =
  (result: SendResult): Act =>
  ({ table, account }) =>
    finalizeMessage(table, messageReference({ account }), withOwnId(result, account), AT);
const accept = finalize(accepted);
const receive =
  (receipt: Receipt): Act =>
  async ({ table, account }) => {
    await writeReceiptPath(table, messageReference({ account }), messageId(messageReference({ account })));
    return recordReceipt(table, { providerMessageId: `lost-${account}`, messageId: messageId(messageReference({ account })) }, receipt);
  };

function withOwnId(result: SendResult, account: string): SendResult {
  return result.outcome === 'accepted' ? { ...result, providerMessageId: `provider-${account}` } : result;
}

const transitions: [claim: string, before: Act[], act: Act, outcome: string, state: MessageState][] = [
  ['a claim is made', [], claim, 'done', 'claimed'],
  ['a claim repeats', [claim], claim, 'already-done', 'claimed'],
  ['a claim belongs to its run', [claim], claimByOther, 'conflict', 'claimed'],
  ['what was held is claimed by the same run', [hold], claim, 'done', 'claimed'],
  ['what was held is not claimed by another run', [hold], claimByOther, 'conflict', 'held'],
  ['what was refused is not claimed', [keepUnsent], claim, 'conflict', 'not-sent'],
  ['what was held may be refused', [hold], keepUnsent, 'done', 'not-sent'],
  ['what was held may be merged', [hold], merge, 'done', 'merged'],
  ['what was claimed is not held', [claim], hold, 'conflict', 'claimed'],
  ['a refusal repeats', [keepUnsent], keepUnsent, 'already-done', 'not-sent'],
  ['an attempt begins', [claim], begin, 'done', 'claimed'],
  ['the same attempt is known again', [claim, begin], begin, 'done', 'claimed'],
  ['of two attempts one begins', [claim, begin], beginAnother, 'already-done', 'claimed'],
  ['what is held is not handed over', [hold], begin, 'conflict', 'held'],
  ['an attempt is postponed', [claim, begin], postpone, 'done', 'claimed'],
  ['after a postponement another attempt begins', [claim, begin, postpone], beginAnother, 'done', 'claimed'],
  ['what was sent is not postponed', [claim, begin, accept], postpone, 'conflict', 'accepted'],
  ['a sent message is accepted', [claim, begin], accept, 'done', 'accepted'],
  ['an acceptance repeats', [claim, begin, accept], accept, 'already-done', 'accepted'],
  ['an acceptance is not overruled', [claim, accept], finalize({ outcome: 'failed', reason: 'Error' }), 'conflict', 'accepted'],
  ['a failure is settled', [claim], finalize({ outcome: 'failed', reason: 'Error' }), 'done', 'failed'],
  ['an unknown outcome is settled', [claim], finalize({ outcome: 'unknown', reason: 'TimeoutError' }), 'done', 'unknown'],
  ['a receipt delivers', [claim, accept], receive(delivery), 'done', 'delivered'],
  ['a receipt may be faster than our note', [claim, begin], receive(delivery), 'done', 'delivered'],
  ['a receipt clears an unknown', [claim, finalize({ outcome: 'unknown', reason: 'x' })], receive(delivery), 'done', 'delivered'],
  ['a receipt repeats', [claim, accept, receive(delivery)], receive(delivery), 'already-done', 'delivered'],
  ['a late bounce overrules a delivery', [claim, accept, receive(delivery)], receive(bounce), 'done', 'failed'],
  ['a delivery does not overrule a bounce', [claim, accept, receive(bounce)], receive(delivery), 'conflict', 'failed'],
  ['a receipt does not change what was refused', [keepUnsent], receive(delivery), 'conflict', 'not-sent'],
];

describe('of the transitions of a message', () => {
  test.each(transitions)('%s', async (name, before, act, outcome, state) => {
    const where = { table: database.table, account: `acc-${transitions.findIndex(([one]) => one === name)}` };
    for (const earlier of before) await earlier(where);
    expect(await act(where)).toMatchObject({ outcome });
    expect(await findMessage(database.table, messageReference({ account: where.account }))).toMatchObject({ state });
  });
});

test('of many runs that claim one message one may send it', async () => {
  const owners = Array.from({ length: 10 }, (_, index) => `execution-${index}`);
  const claims = await Promise.all(owners.map((owner) => claimMessage(database.table, messageOf('acc-race', owner))));
  expect(claims.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
});

test('a message that is not found is not settled', async () => {
  await expect(finalizeMessage(database.table, messageReference({ account: 'acc-none' }), accepted, AT)).rejects.toThrow('not found');
});

test('a receipt for a message of nobody is unmatched', async () => {
  expect(await recordReceipt(database.table, { providerMessageId: 'nobody' }, delivery)).toEqual({ outcome: 'unmatched' });
});

test('the messages of an event are listed, and lose what is personal when it is erased', async () => {
  for (const step of ['notice-sms', 'reminder-email']) await claimMessage(database.table, claimedMessage({ account: 'acc-list', step }));
  await claimMessage(database.table, claimedMessage({ account: 'acc-list', eventId: `${EVENT_ID.slice(0, -1)}3` }));
  await eraseMessageCopies(database.table, 'mvno-example', 'acc-list');
  const messages = await listMessages(database.table, 'mvno-example', 'acc-list', EVENT_ID);
  expect(messages.map(({ step }) => step)).toEqual(['notice-sms', 'reminder-email']);
  expect(JSON.stringify(messages)).not.toMatch(/4155550|Your data/);
});
