import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';
import type { State } from '../../local/state.ts';

type Item = Record<string, NativeAttributeValue>;

/** An account's offer as the table has it. */
export type RecordedOffer = {
  tenant: string;
  account: string;
  offerId: string;
  offer: string;
  state: string;
  reason: string | undefined;
  issuedAt: string;
  validUntil: string;
  acceptedAt: string | undefined;
  redeemedAt: string | undefined;
  openedAt: string | undefined;
  finishedAt: string | undefined;
  convertedBy: string | undefined;
};

/** What was answered to a text of "YES". `text`: which one, by the part of the record's id that its own is in. */
export type RecordedReply = {
  tenant: string;
  account: string;
  offerId: string | undefined;
  sentAt: string;
  reason: string | undefined;
  answeredAt: string | undefined;
  text: string;
};

/** What the table holds of offers. */
export type OffersOnRecord = {
  offers: RecordedOffer[];
  /** How much of a budget is taken, by `<tenant> <offer>`. */
  taken: Map<string, number>;
  /** What was counted over all days, by `<tenant> <offer> <count>`. */
  counted: Map<string, number>;
  /** One entry for each record of a text. */
  replies: RecordedReply[];
};

/** A ULID begins with a time in ten letters. */
const TIME_LETTERS = 10;

export function noOffers(): OffersOnRecord {
  return { offers: [], taken: new Map(), counted: new Map(), replies: [] };
}

/** Notes an item of an account's partition that is an offer or a reply. */
export function accountFrom(
  { offers: issues, replies }: OffersOnRecord,
  { tenant, account }: { tenant: string; account: string },
  item: Item,
): void {
  const [kind, id = ''] = String(item.sk).split('#');
  if (kind === 'REPLY') {
    const { offerId, sentAt, answer } = item;
    replies.push({ tenant, account, offerId, sentAt, reason: answer?.reason, answeredAt: answer?.at, text: id.slice(TIME_LETTERS) });
  }
  if (kind !== 'OFFER') return;
  const { offer, state, reason, issuedAt, validUntil, acceptedAt, redeemedAt, openedAt, finishedAt, convertedBy } = item;
  const times = { issuedAt, validUntil, acceptedAt, redeemedAt, openedAt, finishedAt };
  issues.push({ tenant, account, offerId: id, offer, state, reason, ...times, convertedBy });
}

/** Notes an item of an offer's own partition: a budget, or a share of a day's counts. */
export function offerFrom({ taken, counted }: OffersOnRecord, { tenant, offer }: { tenant: string; offer: string }, item: Item): void {
  const { pk: _pk, sk, ...values } = item;
  if (sk === 'BUDGET#TOTAL') taken.set(`${tenant} ${offer}`, Number(values.taken));
  if (!String(sk).startsWith('DAY#')) return;
  for (const [count, value] of Object.entries(values)) {
    const key = `${tenant} ${offer} ${count}`;
    counted.set(key, (counted.get(key) ?? 0) + Number(value));
  }
}

/** What Totogi's own book says was done to an account. */
export type Booked = { tenant: string; account: string; action: string; at: number; data: string };
/** Totogi's book: what was done on somebody's demand, and which contacts it has of its accounts, by `<tenant> <account>`. */
export type TotogiBook = { done: Booked[]; contacts: Map<string, { phone?: string; email?: string }>; plans: Map<string, Subscribed[]> };
type Subscribed = { planId: string; from: string };
type Content = { customProperties?: { contact?: { phone?: string; email?: string } }; subscriptions: Subscribed[] };

/** Reads the stand-in's own state, whatever it told the service. */
export function readTotogiBook({ db }: State): TotogiBook {
  const done = db.prepare("SELECT provider AS tenant, account, action, at, data FROM totogi_records WHERE action <> 'notify'").all();
  const book: TotogiBook = { done: done as unknown as Booked[], contacts: new Map(), plans: new Map() };
  for (const { provider, id, content } of db.prepare('SELECT provider, id, content FROM totogi_accounts').all()) {
    const { customProperties, subscriptions } = JSON.parse(String(content)) as Content;
    book.contacts.set(`${provider} ${id}`, customProperties?.contact ?? {});
    book.plans.set(`${provider} ${id}`, subscriptions);
  }
  return book;
}
