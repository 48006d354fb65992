import type { AcceptedEntry } from './entries.ts';

/** An EventBridge event without its detail (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html). */
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

/** The envelope of an accepted entry; its time is the entry's own, else the time it was received (milliseconds), in whole seconds. */
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
 * The event as JSON text. The detail stays the sender's own text: parsing and printing would round numbers beyond 2^53. Only what SQS takes
 * in no body (of all that JSON may hold: U+FFFE and U+FFFF) becomes an escape: nobody documents what EventBridge does with it, and so the
 * event arrives with the same content.
 */
export function envelopeText(envelope: Envelope, detail: string): string {
  const text = `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;
  return text.replaceAll(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
