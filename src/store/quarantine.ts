import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { digest, ulid } from '../schemas/event-id.ts';
import { Fault } from '../schemas/fault.ts';
import { NO_TENANT, QuarantinedEvent } from '../schemas/quarantined-event.ts';
import type { DayDirectory } from './days.ts';
import { walkDays } from './event-lists.ts';
import { dayOf, quarantineKey } from './keys.ts';
import { type Entry, type IdRange, idRange, type Page, type Range, takePage } from './pages.ts';
import { type Item, putOnce, type Table, walkRange } from './table.ts';

/** What fits one item together with its faults and keys. */
const MOST_ORIGINAL_BYTES = 300_000;
const MOST_FAULTS = 100;

/** An event to be put aside: what is wrong with it and its own words. */
export type Quarantine = {
  tenant: string | undefined;
  reason: QuarantinedEvent['reason'];
  faults: Fault[];
  original: string;
  /** The envelope's time, or when the queue took the message: milliseconds since the epoch. */
  time: number;
  envelopeId: string | undefined;
  receivedAt: string;
};

const StoredQuarantine = z.object({
  sk: z.string(),
  tenant: z.string(),
  reason: QuarantinedEvent.shape.reason,
  faults: z.array(Fault),
  envelopeId: z.string().optional(),
  receivedAt: z.string(),
});

/**
 * Puts an event aside with its faults. Its id follows from the envelope's time and the detail, so a repeat is the same row.
 * An original that does not fit one item is compressed, and cut where even that is too long.
 */
export async function quarantineEvent(
  table: Table,
  noteDay: DayDirectory,
  event: Quarantine,
): Promise<{ outcome: 'done' | 'already-done' }> {
  const tenant = event.tenant ?? NO_TENANT;
  const id = ulid(event.time, digest(event.original));
  const day = dayOf(event.time);
  await noteDay(tenant, 'QUARANTINE', day);
  const { outcome } = await putOnce(table, {
    ...quarantineKey(tenant, day, id),
    tenant,
    reason: event.reason,
    faults: event.faults.slice(0, MOST_FAULTS),
    envelopeId: event.envelopeId,
    receivedAt: event.receivedAt,
    ...keptOriginal(event.original),
  });
  return { outcome };
}

/** A page of what a tenant has in quarantine. */
export function listQuarantine(table: Table, list: Range & { tenant: string; limit: number }): Promise<Page<QuarantinedEvent>> {
  const openDay = ({ day }: { day: string }, range: IdRange) => readQuarantine(table, list.tenant, day, range, list.limit + 1);
  return takePage(walkDays(table, list.tenant, 'QUARANTINE', idRange(list), openDay), list.limit, () => true);
}

async function* readQuarantine(
  table: Table,
  tenant: string,
  day: string,
  range: IdRange,
  pageSize: number,
): AsyncGenerator<Entry<QuarantinedEvent>> {
  const keys = { partition: quarantineKey(tenant, day, '').pk, from: range.low, to: range.high, descending: range.descending };
  for await (const item of walkRange(table, keys, pageSize)) {
    const event = readStored(item);
    if (event.id !== range.after) yield { id: event.id, value: event };
  }
}

function readStored(item: Item): QuarantinedEvent {
  const { sk, ...stored } = StoredQuarantine.parse(item);
  return { id: sk, ...stored };
}

function keptOriginal(original: string): { original?: string; originalGzip?: Uint8Array; originalCut?: boolean } {
  if (Buffer.byteLength(original) <= MOST_ORIGINAL_BYTES) return { original };
  const compressed = gzipSync(original);
  if (compressed.byteLength <= MOST_ORIGINAL_BYTES) return { originalGzip: compressed };
  return { original: Buffer.from(original).subarray(0, MOST_ORIGINAL_BYTES).toString(), originalCut: true };
}
