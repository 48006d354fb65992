import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { digest } from '../platform/hash.ts';
import { type Entry, type IdRange, idRange, itemsOfPage, type Page, type Range, takePage } from '../platform/pages.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { stored } from '../platform/stored.ts';
import { type Item, isExpired, type Key, putOnce, readItem, type Table, walkRange } from '../platform/table.ts';
import { ulid, ulidTime } from '../platform/ulid.ts';
import type { Fault } from '../schemas/event/fault.ts';
import { dayOf, quarantineKey } from '../schemas/keys.ts';
import { OriginalPart, QuarantinedEvent, type QuarantinedOriginal } from '../schemas/operations/quarantined-event.ts';
import type { DayDirectory } from './day-directory.ts';
import { walkDays } from './event-lists.ts';

/** Leaves room in the item for faults and keys. */
const MAX_ORIGINAL_BYTES = 300_000;
const MAX_FAULTS = 100;

export type Quarantine = {
  tenant: string | undefined;
  reason: QuarantinedEvent['reason'];
  faults: Fault[];
  original: string;
  originalIs: OriginalPart;
  /**
   * `envelopeTime` is undefined when the envelope has no readable time; `sentAt` is when the queue took the message. Both in milliseconds
   * since the epoch.
   */
  envelopeTime: number | undefined;
  sentAt: number;
  envelopeId: string | undefined;
  receivedAt: string;
  /** Seconds since the epoch; undefined means never. */
  expiresAt?: number | undefined;
};

const { id: _id, ...shown } = QuarantinedEvent.shape;

const StoredQuarantine = stored(z.object({ sk: z.string(), ...shown }));

const StoredOriginal = z.object({
  original: z.string().optional(),
  originalGzip: z.instanceof(Uint8Array).optional(),
  originalCut: z.boolean().default(false),
  originalIs: OriginalPart,
  envelopeHadTime: z.boolean(),
  correction: z.string().optional(),
});

/**
 * Quarantines an event. Its id derives from its time and detail, so a repeat with an envelope time is the same row. An original that does
 * not fit the item is compressed, and truncated if that is not enough.
 */
export async function quarantineEvent(
  table: Table,
  recordDay: DayDirectory,
  event: Quarantine,
): Promise<{ outcome: 'done' | 'already-done' }> {
  const tenant = event.tenant ?? UNKNOWN_TENANT;
  const time = event.envelopeTime ?? event.sentAt;
  const id = ulid(time, digest(event.original));
  const day = dayOf(time);
  await recordDay(tenant, 'QUARANTINE', day, event.expiresAt);
  const { outcome } = await putOnce(table, {
    ...quarantineKey(tenant, day, id),
    tenant,
    state: 'quarantined',
    redrives: 0,
    reason: event.reason,
    faults: keptFaults(event.faults),
    envelopeId: event.envelopeId,
    receivedAt: event.receivedAt,
    originalIs: event.originalIs,
    envelopeHadTime: event.envelopeTime !== undefined,
    expiresAt: event.expiresAt,
    ...keptOriginal(event.original),
  });
  return { outcome };
}

export function listQuarantine(table: Table, list: Range & { tenant: string; limit: number }): Promise<Page<QuarantinedEvent>> {
  const openDay = ({ day }: { day: string }, range: IdRange) => readQuarantine(table, list.tenant, day, range, itemsOfPage(list));
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
    const event = parseQuarantined(item);
    if (event.id !== range.after) yield { id: event.id, value: event, isExpired: isExpired(table, item) };
  }
}

export async function findQuarantined(table: Table, tenant: string, id: string): Promise<QuarantinedRow | undefined> {
  const item = await readItem(table, keyOfQuarantined(tenant, id));
  if (!item) return undefined;
  const { originalCut, originalGzip, envelopeHadTime, ...kept } = StoredOriginal.parse(item);
  const original = originalGzip ? gunzipSync(originalGzip).toString() : (kept.original ?? '');
  return { ...parseQuarantined(item), ...kept, original, originalIsCut: originalCut, hadTime: envelopeHadTime };
}

export type QuarantinedRow = QuarantinedOriginal & { hadTime: boolean };

export function keyOfQuarantined(tenant: string, id: string): Key {
  return quarantineKey(tenant, dayOf(ulidTime(id)), id);
}

export function parseQuarantined(item: Item): QuarantinedEvent {
  const { sk, ...event } = StoredQuarantine.parse(item);
  return { id: sk, ...event };
}

export function keptFaults(faults: Fault[]): Fault[] {
  return faults.slice(0, MAX_FAULTS);
}

function keptOriginal(original: string): { original?: string; originalGzip?: Uint8Array; originalCut?: boolean } {
  if (Buffer.byteLength(original) <= MAX_ORIGINAL_BYTES) return { original };
  const compressed = gzipSync(original);
  if (compressed.byteLength <= MAX_ORIGINAL_BYTES) return { originalGzip: compressed };
  return { original: Buffer.from(original).subarray(0, MAX_ORIGINAL_BYTES).toString(), originalCut: true };
}
