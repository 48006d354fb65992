import { gunzipSync } from 'node:zlib';
import { type NativeAttributeValue, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { sessionOf } from './expectation.ts';
import type { Harness } from './harness.ts';
import type { DeadLetter, Execution } from './history.ts';
import { accountFrom, noOffers, type OffersOnRecord, offerFrom } from './record-offers.ts';

type Item = Record<string, NativeAttributeValue>;

export type RecordedNotification = {
  id: string;
  tenant: string;
  account: string;
  device: string | undefined;
  type: string;
  name: string;
  state: string;
  starts: string[];
  reason: string | undefined;
  receivedAt: string;
};
/** `event` is the one that the run's event was merged into or is part of the episode of. */
export type RecordedRun = { state: string; outcome: string | undefined; event: string | undefined };
export type RecordedMessage = {
  claim: string;
  account: string;
  tenant: string;
  workflow: string;
  eventId: string;
  channel: string;
  state: string;
  reason: string | undefined;
  to: string | undefined;
  providerMessageId: string | undefined;
  /** The carrier has sent a receipt. */
  hasReceipt: boolean;
};

/** The second ledger: the table's content and the durable executions' own state. */
export type OnRecord = {
  /** By session. */
  notifications: Map<string, RecordedNotification[]>;
  quarantined: Map<string, number>;
  /** By `<eventId>#<workflow>`. */
  runs: Map<string, RecordedRun>;
  messages: RecordedMessage[];
  offers: OffersOnRecord;
  executions: Execution[];
  deadLetters: DeadLetter[];
};

/** The third ledger: what left through the outboxes. */
export type SentOut = { messages: { messageId: string; to: string }[] };

/** Parses the keys as documented (docs/data-model.md), not with the service's own code. */
export async function readRecord(harness: Harness): Promise<OnRecord> {
  const record: OnRecord = {
    notifications: new Map(),
    quarantined: new Map(),
    runs: new Map(),
    messages: [],
    offers: noOffers(),
    ...harness.history.read(),
  };
  for await (const item of scan(harness.table)) sort(record, item);
  return record;
}

export function readOutboxes({ parts }: Harness): SentOut {
  const rows = parts.state.db.prepare('SELECT messageId, recipient AS "to" FROM outbox').all();
  return { messages: rows as unknown as SentOut['messages'] };
}

async function* scan({ client, name }: Harness['table']): AsyncGenerator<Item> {
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: name, ExclusiveStartKey: from }));
    yield* Items;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

function sort(record: OnRecord, item: Item): void {
  const [, tenant = '', kind = '', account = ''] = String(item.pk).split('#');
  const [sort = '', eventId = '', workflow = '', step = ''] = String(item.sk).split('#');
  if (kind === 'QUARANTINE') count(record.quarantined, sessionOf(originalOf(item)));
  if (kind === 'OFFER') offerFrom(record.offers, { tenant, offer: account }, item);
  if (kind !== 'ACCOUNT') return;
  accountFrom(record.offers, { tenant, account }, item);
  if (sort === 'EVENT') addNotification(record, { tenant, account, id: eventId }, item);
  if (sort === 'RUN') record.runs.set(`${eventId}#${workflow}`, { state: String(item.state), ...endOf(item) });
  if (sort !== 'MESSAGE') return;
  record.messages.push({
    claim: `${eventId}#${workflow}#${step}`,
    tenant,
    account,
    eventId,
    workflow,
    channel: String(item.channel),
    state: String(item.state),
    reason: item.reason,
    to: item.to,
    providerMessageId: item.providerMessageId,
    hasReceipt: item.receiptAt !== undefined,
  });
}

/** Long originals are stored compressed. */
function originalOf({ original, originalGzip }: Item): string {
  return originalGzip === undefined ? String(original) : gunzipSync(originalGzip).toString();
}

function endOf({ result }: Item): Pick<RecordedRun, 'outcome' | 'event'> {
  return { outcome: result?.outcome, event: result?.event };
}

function addNotification(record: OnRecord, key: { tenant: string; account: string; id: string }, item: Item): void {
  const session = String(item.session);
  const { device, type, name, state, decision, receivedAt } = item;
  const recorded = { ...key, device, type, name, state, starts: decision?.start ?? [], reason: decision?.reason, receivedAt };
  record.notifications.set(session, [...(record.notifications.get(session) ?? []), recorded]);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
