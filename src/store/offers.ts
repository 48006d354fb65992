import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Channel } from '../schemas/message.ts';
import { isoTime } from '../schemas/moment.ts';
import type { Offer } from '../schemas/offer.ts';
import { OfferRecord, type OfferState, type PassedReason } from '../schemas/offer-record.ts';
import { accountPartition, budgetKey, dayOf, offerKey } from './keys.ts';
import { countOf, type OfferCount } from './offer-counts.ts';
import { type Key, readItem, type Table, walkRange } from './table.ts';
import { type Part, transact } from './transact.ts';

const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** An account has few offers: marketing is capped, and each keeps others away. */
const USUAL_OFFERS_OF_ACCOUNT = 25;

export type OfferReference = { tenant: string; account: string; issue: string };

/** `done` changed it, `already-done` found it so, `refused` found it in a state that this cannot follow. */
export type OfferTransition = { outcome: 'done' | 'already-done' | 'refused'; record: OfferRecord };

/** A budget that many take from at once makes DynamoDB cancel some of them: the step that asked tries again. */
export class ContendedOffer extends Error {
  override readonly name = 'ContendedOffer';
}

/**
 * Issues an offer, or notes that the account is held out from it. From none to `issued` or `held-out`.
 *
 * The record, its share of the budget (none for those held out) and the counts are one transaction: however many ask at once, no more are
 * issued than the budget allows, and whoever asks again for the same issue takes nothing.
 *
 * @param at milliseconds since the epoch.
 * @returns `already-done` with the issue's record, whichever offer it was; `refused` when the budget is spent.
 * @throws ContendedOffer when others were at the same budget.
 */
export async function issueOffer(
  table: Table,
  of: OfferReference & { configuration: string },
  { offer, heldOut }: { offer: Offer; heldOut: boolean },
  at: number,
): Promise<{ outcome: 'done' | 'already-done'; record: OfferRecord } | { outcome: 'refused'; reason: PassedReason }> {
  const record: OfferRecord = {
    ...of,
    offer: offer.id,
    state: heldOut ? 'held-out' : 'issued',
    issuedAt: isoTime(at),
    validUntil: isoTime(at + offer.validHours * HOUR_MILLISECONDS),
    attributedUntil: isoTime(at + offer.attribution.windowDays * DAY_MILLISECONDS),
  };
  const create: Part = {
    Put: { TableName: table.name, Item: { ...offerKey(of), ...record }, ConditionExpression: 'attribute_not_exists(pk)' },
  };
  const budgets = heldOut ? [] : budgetParts(table, record, offer);
  const reasons = await transact(table, [
    create,
    ...budgets.map(({ part }) => part),
    countOf(table, record, { [heldOut ? 'heldOut' : 'issued']: 1 }),
  ]);
  if (reasons === undefined) return { outcome: 'done', record };
  const stored = await findOffer(table, of);
  if (stored) return { outcome: 'already-done', record: stored };
  const spent = budgets.find((_, index) => reasons[index + 1] === 'ConditionalCheckFailed');
  if (!spent) throw new ContendedOffer('Another issue was at the same budget at the same moment.');
  return { outcome: 'refused', reason: spent.reason };
}

/** Notes the callback that acceptance completes. Of an issued offer only; the last one noted stands. */
export async function awaitAnswer(table: Table, of: OfferReference, callbackId: string): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: offerKey(of),
      UpdateExpression: 'SET callbackId = :callback',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':callback': callbackId },
    }),
  );
}

/**
 * Accepts an offer. From `issued` to `accepted`, before it expires.
 *
 * @returns `already-done` when it was accepted before, whatever became of it since.
 */
export function acceptOffer(
  table: Table,
  of: OfferReference,
  { by, via, at }: { by: 'link' | 'reply'; via: Channel | undefined; at: number },
): Promise<OfferTransition> {
  return change(table, of, {
    to: 'accepted',
    from: ['issued'],
    also: { acceptedAt: isoTime(at), acceptedBy: by, ...(via && { acceptedVia: via }) },
    notAfter: at,
    count: 'accepted',
    via,
    isDone: ({ acceptedAt }) => acceptedAt !== undefined,
  });
}

/** Begins to redeem it in Totogi. From `accepted`, or from `stuck` when operations try again, to `redeeming`. */
export function beginRedemption(table: Table, of: OfferReference): Promise<OfferTransition> {
  return change(table, of, { to: 'redeeming', from: ['accepted', 'stuck'] });
}

/** Totogi gave what was offered. From `redeeming` or `stuck` to `redeemed`. */
export function completeRedemption(table: Table, of: OfferReference, at: number): Promise<OfferTransition> {
  const also = { redeemedAt: isoTime(at), endedAt: isoTime(at) };
  return change(table, of, { to: 'redeemed', from: ['redeeming', 'stuck'], also, count: 'redeemed' });
}

/** Leaves it to operations, for a reason. From `accepted` or `redeeming` to `stuck`. */
export function stickOffer(table: Table, of: OfferReference, reason: string, at: number): Promise<OfferTransition> {
  return change(table, of, { to: 'stuck', from: ['accepted', 'redeeming'], also: { reason, endedAt: isoTime(at) }, count: 'stuck' });
}

/** How an offer that nobody accepted ends. */
export type OfferEnd = Extract<OfferState, 'expired' | 'declined' | 'superseded' | 'refused-by-gate'>;

const END_COUNTS = {
  expired: 'expired',
  declined: 'declined',
  superseded: 'superseded',
  'refused-by-gate': 'refusedByGate',
} as const satisfies Record<OfferEnd, OfferCount>;

/** Ends an offer that nobody accepted. From `issued`. What it took from the budget stays taken: it was offered, or could have been. */
export function endOffer(
  table: Table,
  of: OfferReference,
  end: OfferEnd,
  { at, reason }: { at: number; reason?: string },
): Promise<OfferTransition> {
  const also = { endedAt: isoTime(at), ...(reason === undefined ? {} : { reason }) };
  return change(table, of, { to: end, from: ['issued'], also, count: END_COUNTS[end] });
}

/** Notes the first opening of its link. In any state but held out; the state stays. */
export function noteOpening(
  table: Table,
  of: OfferReference,
  { via, at }: { via: Channel | undefined; at: number },
): Promise<OfferTransition> {
  return note(table, of, { field: 'openedAt', value: isoTime(at), also: via && { openedVia: via }, count: 'opened', via });
}

/** Credits an offer with the event that reached its goal. Once, for those offered and those held out alike. */
export function noteConversion(table: Table, of: OfferReference, eventId: string, at: number): Promise<OfferTransition> {
  return note(table, of, { field: 'convertedBy', value: eventId, also: { convertedAt: isoTime(at) }, count: 'converted' });
}

/** One issue, or undefined where there is none. */
export async function findOffer(table: Table, of: OfferReference): Promise<OfferRecord | undefined> {
  const item = await readItem(table, offerKey(of));
  return item && OfferRecord.parse(item);
}

/** The issue that a link leads to. */
export async function findOfferByKey(table: Table, key: Key): Promise<OfferRecord | undefined> {
  const item = await readItem(table, key);
  return item && OfferRecord.parse(item);
}

/** An account's issues, the newest first: issues are named by events' ids, which sort by time. */
export async function listOffersOfAccount(table: Table, tenant: string, account: string): Promise<OfferRecord[]> {
  const range = { partition: accountPartition(tenant, account), from: 'OFFER#', to: 'OFFER#~', descending: true };
  const records: OfferRecord[] = [];
  for await (const item of walkRange(table, range, USUAL_OFFERS_OF_ACCOUNT)) records.push(OfferRecord.parse(item));
  return records;
}

/** The newest offer that an account can still accept, which is the one that a text of "YES" means. */
export async function findOpenOffer(table: Table, tenant: string, account: string, now: number): Promise<OfferRecord | undefined> {
  const offers = await listOffersOfAccount(table, tenant, account);
  return offers.find(({ state, validUntil }) => state === 'issued' && now < Date.parse(validUntil));
}

/** What is counted by itself, in all. */
type Counted = Extract<OfferCount, 'opened' | 'accepted' | 'redeemed' | 'converted' | 'stuck' | (typeof END_COUNTS)[OfferEnd]>;

type Change = {
  to: OfferState;
  from: OfferState[];
  also?: Record<string, string>;
  /** A moment at which it must still be valid, in milliseconds since the epoch. */
  notAfter?: number;
  count?: Counted;
  via?: Channel | undefined;
  isDone?: (record: OfferRecord) => boolean;
};

async function change(table: Table, of: OfferReference, wanted: Change): Promise<OfferTransition> {
  const { to, from, also = {}, notAfter, count, via, isDone } = wanted;
  const before = await existing(table, of);
  if (isDone?.(before) ?? before.state === to) return { outcome: 'already-done', record: before };
  const isLate = notAfter !== undefined && Date.parse(before.validUntil) <= notAfter;
  if (!from.includes(before.state) || isLate) return { outcome: 'refused', record: before };
  const sets = Object.keys(also).map((field) => `, ${field} = :${field}`);
  const update: Part = {
    Update: {
      TableName: table.name,
      Key: offerKey(of),
      UpdateExpression: `SET #state = :to${sets.join('')}`,
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':to': to,
        ':from': before.state,
        ...Object.fromEntries(Object.entries(also).map(([field, value]) => [`:${field}`, value])),
      },
    },
  };
  const reasons = await transact(table, [
    update,
    ...(count === undefined ? [] : [countOf(table, before, oneOf(count, via ?? before.acceptedVia))]),
  ]);
  if (reasons === undefined) return { outcome: 'done', record: { ...before, ...also, state: to } };
  if (reasons[0] !== 'ConditionalCheckFailed') throw new ContendedOffer('Others counted at the same moment.');
  // It changed since it was read: what it is now decides.
  return change(table, of, wanted);
}

type Note = {
  field: 'openedAt' | 'convertedBy';
  value: string;
  also?: Record<string, string> | undefined;
  count: Counted;
  via?: Channel | undefined;
};

async function note(table: Table, of: OfferReference, { field, value, also = {}, count, via }: Note): Promise<OfferTransition> {
  const before = await existing(table, of);
  if (before[field] !== undefined) return { outcome: 'already-done', record: before };
  const all = { [field]: value, ...also };
  const update: Part = {
    Update: {
      TableName: table.name,
      Key: offerKey(of),
      UpdateExpression: `SET ${Object.keys(all)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: `attribute_not_exists(${field})`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(all).map(([name, text]) => [`:${name}`, text])),
    },
  };
  const reasons = await transact(table, [update, countOf(table, before, oneOf(count, via ?? before.acceptedVia))]);
  if (reasons === undefined) return { outcome: 'done', record: { ...before, ...all } };
  if (reasons[0] !== 'ConditionalCheckFailed') throw new ContendedOffer('Others counted at the same moment.');
  return { outcome: 'already-done', record: await existing(table, of) };
}

/** One more, and of what channels tell apart one more on that channel. */
function oneOf(count: Counted, via: Channel | undefined): Partial<Record<OfferCount, number>> {
  const isByChannel = count === 'opened' || count === 'accepted' || count === 'redeemed' || count === 'converted';
  return via && isByChannel ? { [count]: 1, [`${count}_${via}`]: 1 } : { [count]: 1 };
}

async function existing(table: Table, of: OfferReference): Promise<OfferRecord> {
  const record = await findOffer(table, of);
  if (!record) throw new Error(`Offer issue ${of.issue} is not on record.`);
  return record;
}

function budgetParts(table: Table, { tenant, offer: id, issuedAt }: OfferRecord, { budget }: Offer) {
  const caps = [
    { cap: budget.total, period: 'TOTAL', reason: 'budget-spent' as const },
    { cap: budget.perDay, period: dayOf(Date.parse(issuedAt)), reason: 'budget-of-day-spent' as const },
  ];
  return caps.flatMap(({ cap, period, reason }) => {
    if (cap === undefined) return [];
    const part: Part = {
      Update: {
        TableName: table.name,
        Key: budgetKey(tenant, id, period),
        UpdateExpression: 'ADD taken :one',
        ConditionExpression: 'attribute_not_exists(taken) OR taken < :cap',
        ExpressionAttributeValues: { ':one': 1, ':cap': cap },
      },
    };
    return [{ part, reason }];
  });
}
