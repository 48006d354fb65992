import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';
import type { State } from '../../local/state.ts';

type Item = Record<string, NativeAttributeValue>;

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

/** The reply to a text of "YES". `text` is the part of the record's ID that contains the text's own ID. */
export type RecordedReply = {
  tenant: string;
  account: string;
  offerId: string | undefined;
  sentAt: string;
  reason: string | undefined;
  answeredAt: string | undefined;
  text: string;
};

export type OffersOnRecord = {
  offers: RecordedOffer[];
  /** The used part of each budget, by `<tenant> <offer>`. */
  taken: Map<string, number>;
  /** The sum over all days, by `<tenant> <offer> <count>`. */
  counted: Map<string, number>;
  /** One entry for each record of a text. */
  replies: RecordedReply[];
};

/** A ULID starts with a time in ten letters. */
const TIME_LETTERS = 10;

export function noOffers(): OffersOnRecord {
  return { offers: [], taken: new Map(), counted: new Map(), replies: [] };
}

/** Collects an item of an account's partition if it is an offer or a reply. */
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

/** Collects an item of an offer's own partition: a budget, or a share of a day's counts. */
export function offerFrom({ taken, counted }: OffersOnRecord, { tenant, offer }: { tenant: string; offer: string }, item: Item): void {
  const { pk: _pk, sk, ...values } = item;
  if (sk === 'BUDGET#TOTAL') taken.set(`${tenant} ${offer}`, Number(values.taken));
  if (!String(sk).startsWith('DAY#')) return;
  for (const [count, value] of Object.entries(values)) {
    const key = `${tenant} ${offer} ${count}`;
    counted.set(key, (counted.get(key) ?? 0) + Number(value));
  }
}

/** A change in the Totogi stand-in's own book. */
export type Booked = { tenant: string; account: string; action: string; at: number; data: string };
/** `done` has the requested changes. The maps are by `<tenant> <account>`. */
export type TotogiBook = { done: Booked[]; contacts: Map<string, { phone?: string; email?: string }>; plans: Map<string, Subscribed[]> };
type Subscribed = { planId: string; from: string };
type Content = { customProperties?: { contact?: { phone?: string; email?: string } }; subscriptions: Subscribed[] };

/** Reads the stand-in's own state, whatever it answered the service. */
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
