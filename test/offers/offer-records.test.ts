import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDayFigures } from '../../src/offers/counts.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { awaitAnswer, recordConversion, recordOpening } from '../../src/offers/milestones.ts';
import { findOffer, findOpenOffer, listOffersOfAccount } from '../../src/offers/offer-records.ts';
import { acceptOffer, completeRedemption, endOffer, markOfferStuck, startRedemption } from '../../src/offers/transitions.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = Date.parse('2026-05-01T08:00:00.000Z');
const HOUR_MILLISECONDS = 3_600_000;

let opened: TestTable;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());

const referenceOf = (tenant: string, account = 'acc-1', offerId = '01K8XK9M3QZ5J6W7V8N9P0R1S2') => ({ tenant, account, offerId });
const issueTo = (reference: ReturnType<typeof referenceOf>, parts: Parameters<typeof offer>[0] = {}, heldOut = false, at = AT) =>
  issueOffer(opened.table, { ...reference, configuration: 'v-1' }, { offer: offer(parts), heldOut }, at);
const countsOf = async (tenant: string) => {
  const [day] = await listDayFigures(opened.table, { tenant, offer: 'free-month', from: AT, to: AT + HOUR_MILLISECONDS });
  return Object.fromEntries(Object.entries(day?.figures ?? {}).filter(([, count]) => typeof count === 'number' && count > 0));
};

describe('an offer', () => {
  test('is issued, opened, accepted, redeemed and credited, each once, and counted so', async () => {
    const one = referenceOf('life');
    expect(await issueTo(one)).toMatchObject({
      outcome: 'done',
      record: { state: 'issued', validUntil: '2026-05-04T08:00:00.000Z', attributedUntil: '2026-05-15T08:00:00.000Z' },
    });
    await awaitAnswer(opened.table, one, 'callback-1');
    for (const outcome of ['done', 'already-done'])
      expect(await recordOpening(opened.table, one, { via: 'sms', at: AT + 1 })).toMatchObject({
        outcome,
        record: { state: 'issued', openedAt: '2026-05-01T08:00:00.001Z' },
      });
    for (const outcome of ['done', 'already-done'])
      expect(await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 2 })).toMatchObject({
        outcome,
        record: { state: 'accepted', callbackId: 'callback-1' },
      });
    for (const outcome of ['done', 'already-done'])
      expect(await startRedemption(opened.table, one)).toMatchObject({ outcome, record: { state: 'redeeming' } });
    for (const outcome of ['done', 'already-done'])
      expect(await completeRedemption(opened.table, one, AT + 3)).toMatchObject({ outcome, record: { state: 'redeemed' } });
    for (const outcome of ['done', 'already-done'])
      expect(await recordConversion(opened.table, one, 'event-2', AT + 4)).toMatchObject({ outcome, record: { convertedBy: 'event-2' } });
    expect(await acceptOffer(opened.table, one, { by: 'reply', via: 'sms', at: AT + 5 })).toMatchObject({
      outcome: 'already-done',
      record: { acceptedBy: 'link' },
    });
    expect(await countsOf('life')).toEqual({ issued: 1, opened: 1, accepted: 1, redeemed: 1, converted: 1 });
  });

  test('that is asked for again is the one there is, whichever it is now', async () => {
    const one = referenceOf('again');
    await issueTo(one, { id: 'first' });
    expect(await issueTo(one, { id: 'second' })).toMatchObject({ outcome: 'already-done', record: { offer: 'first' } });
  });

  test.each(['expired', 'declined', 'superseded', 'denied-by-policy'] as const)('that is %s can be accepted no more', async (end) => {
    const one = referenceOf(`end-${end}`);
    const notSent = [{ channel: 'sms' as const, reason: 'no-consent' }];
    await issueTo(one);
    expect(await endOffer(opened.table, one, end, { at: AT + 1, notSent })).toMatchObject({
      outcome: 'done',
      record: { state: end, notSent },
    });
    expect(await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 2 })).toMatchObject({
      outcome: 'conflict',
      record: { state: end },
    });
    expect(await startRedemption(opened.table, one)).toMatchObject({ outcome: 'conflict' });
  });

  test('whose time is over can be accepted no more, though nobody has ended it', async () => {
    const one = referenceOf('late');
    await issueTo(one, { validHours: 1 });
    expect(await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + HOUR_MILLISECONDS })).toMatchObject({
      outcome: 'conflict',
    });
    expect(await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + HOUR_MILLISECONDS - 1 })).toMatchObject({
      outcome: 'done',
    });
  });

  test('that is accepted does not expire', async () => {
    const one = referenceOf('no-end');
    await issueTo(one);
    await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 1 });
    expect(await endOffer(opened.table, one, 'expired', { at: AT + 2 })).toMatchObject({
      outcome: 'conflict',
      record: { state: 'accepted' },
    });
  });

  test('that is stuck is redeemed when operations try again', async () => {
    const one = referenceOf('stuck');
    await issueTo(one);
    await acceptOffer(opened.table, one, { by: 'reply', via: 'sms', at: AT + 1 });
    await startRedemption(opened.table, one);
    expect(await markOfferStuck(opened.table, one, 'unknown-twice', AT + 2)).toMatchObject({
      outcome: 'done',
      record: { state: 'stuck', reason: 'unknown-twice' },
    });
    expect(await startRedemption(opened.table, one)).toMatchObject({ outcome: 'done' });
    expect(await completeRedemption(opened.table, one, AT + 3)).toMatchObject({ outcome: 'done' });
    expect(await countsOf('stuck')).toEqual({ issued: 1, accepted: 1, stuck: 1, redeemed: 1 });
  });

  test('that an account is held out from is on record and in no budget, and counts its conversion apart', async () => {
    const one = referenceOf('held-out');
    await issueTo(one, { budget: { total: 1 } }, true);
    expect(await issueTo(referenceOf('held-out', 'acc-2'), { budget: { total: 1 } })).toMatchObject({ outcome: 'done' });
    await recordConversion(opened.table, one, 'event-2', AT + 4);
    expect(await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 1 })).toMatchObject({ outcome: 'conflict' });
    expect(await countsOf('held-out')).toEqual({ issued: 1, heldOut: 1, heldOutConverted: 1 });
  });

  test('accepted by forty at once is accepted once', async () => {
    const one = referenceOf('forty');
    await issueTo(one);
    const accept = () => acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 1 });
    const answers = await Promise.all(Array.from({ length: 40 }, accept));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([...Array(39).fill('already-done'), 'done']);
    expect(await countsOf('forty')).toEqual({ issued: 1, accepted: 1 });
  });
});

test('the newest offer that is open is found, and what an account had', async () => {
  const offerIds = ['01K8XK9M3QZ5J6W7V8N9P0R1S1', '01K8XK9M3QZ5J6W7V8N9P0R1S2', '01K8XK9M3QZ5J6W7V8N9P0R1S3'];
  for (const id of offerIds) await issueTo(referenceOf('newest', 'acc-1', id), { id: `offer-${id.at(-1)}`, validHours: 2 });
  await endOffer(opened.table, referenceOf('newest', 'acc-1', offerIds[2]), 'declined', { at: AT });
  expect((await listOffersOfAccount(opened.table, 'newest', 'acc-1')).map(({ offer: id }) => id)).toEqual([
    'offer-3',
    'offer-2',
    'offer-1',
  ]);
  expect(await findOpenOffer(opened.table, 'newest', 'acc-1', AT)).toMatchObject({ offer: 'offer-2' });
  expect(await findOpenOffer(opened.table, 'newest', 'acc-1', AT + 2 * HOUR_MILLISECONDS)).toBeUndefined();
  expect(await findOffer(opened.table, referenceOf('newest', 'acc-2'))).toBeUndefined();
});

describe('a budget', () => {
  test('of a day and one of all are spent by their own reasons', async () => {
    const parts = { budget: { perDay: 1, total: 2 } };
    expect(await issueTo(referenceOf('days', 'acc-1'), parts)).toMatchObject({ outcome: 'done' });
    expect(await issueTo(referenceOf('days', 'acc-2'), parts)).toEqual({ outcome: 'conflict', reason: 'daily-budget-exhausted' });
    expect(await issueTo(referenceOf('days', 'acc-2'), parts, false, AT + 24 * HOUR_MILLISECONDS)).toMatchObject({ outcome: 'done' });
    expect(await issueTo(referenceOf('days', 'acc-3'), parts, false, AT + 48 * HOUR_MILLISECONDS)).toEqual({
      outcome: 'conflict',
      reason: 'budget-exhausted',
    });
  });

  test('of 20 among 200 candidates at once issues exactly 20, and takes nothing for those who ask twice', {
    timeout: 120_000,
  }, async () => {
    const accounts = Array.from({ length: 200 }, (_, index) => `acc-${index}`);
    const offerTwice = async (account: string): Promise<string[]> => {
      const ask = () => issueTo(referenceOf('rush', account), { budget: { total: 20 } }).then(({ outcome }) => outcome);
      return Promise.all([ask(), ask()]);
    };
    const outcomes: string[][] = [];
    // As many at once as one function has connections.
    const ahead = accounts.values();
    await Promise.all(
      Array.from({ length: 25 }, async () => {
        for (const account of ahead) outcomes.push(await offerTwice(account));
      }),
    );
    expect(outcomes.filter((both) => both.includes('done'))).toHaveLength(20);
    expect(outcomes.filter((both) => both.every((outcome) => outcome === 'conflict'))).toHaveLength(180);
    expect(await countsOf('rush')).toEqual({ issued: 20 });
  });
});
