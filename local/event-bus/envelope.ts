import type { AcceptedEntry } from './entries.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export type Envelope = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
};

type Stamp = { id: string; account: string; region: string; receivedAt: number };

/** The time is the entry's own, else the time of receipt (milliseconds), in whole seconds. */
export function envelopeOf(entry: AcceptedEntry, { id, account, region, receivedAt }: Stamp): Envelope {
  const seconds = Math.floor(entry.timeSeconds ?? receivedAt / 1000);
  return {
    version: '0',
    id,
    'detail-type': entry.detailType,
    source: entry.source,
    account,
    time: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    region,
    resources: entry.resources,
  };
}

/**
 * Keeps the sender's own text of the detail, because parsing would round numbers beyond 2^53. Escapes U+FFFE and U+FFFF, which JSON allows
 * and SQS rejects: AWS does not document what EventBridge does with them.
 */
export function envelopeText(envelope: Envelope, detail: string): string {
  const text = `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;
  return text.replaceAll(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
