/** Measures in its own process while the consumer ingests batch after batch. */
import { createRequire } from 'node:module';
import { notificationBodies, queueBatch } from '../parts/notifications.ts';

export type MemoryTask = { bundle: string; tenant: string; seed: number; batchSize: number; events: number };
/** In MiB. */
export type MemoryResult = {
  /** As the system reports it. */
  peakMegabytes: number;
  /** The peak of each tenth of the run; the first one without the warm-up. */
  tenths: number[];
  /** After garbage collection, at the end of the first and the last tenth. */
  inUse: { first: number; last: number };
};

const TENTHS = 10;
const WARM_UP_EVENTS = 10_000;
const KIBIBYTES = 1_024;
const MEBIBYTE = 2 ** 20;

process.once('message', async ({ bundle, tenant, seed, batchSize, events }: MemoryTask) => {
  const { handler } = createRequire(bundle)(bundle);
  const bodies = notificationBodies({ tenant, seed, accounts: 500, startsAt: Date.now() - 3_600_000, millisecondsApart: 1 });
  const context = { awsRequestId: 'request-1', functionName: 'bench', functionVersion: '1', getRemainingTimeInMillis: () => 30_000 };
  const tenths = Array.from({ length: TENTHS }, () => 0);
  let first = 0;
  for (let done = 0; done < events; done += batchSize) {
    const batch = Array.from({ length: batchSize }, () => bodies.next().value);
    const { batchItemFailures } = await handler(queueBatch(batch, Date.now()), context);
    if (batchItemFailures.length > 0) throw new Error('A consumer that is measured failed.');
    const tenth = Math.floor((done * TENTHS) / events);
    if (done >= WARM_UP_EVENTS) tenths[tenth] = Math.max(tenths[tenth] ?? 0, process.memoryUsage.rss() / MEBIBYTE);
    if (done + batchSize === events / TENTHS) first = megabytesInUse();
  }
  const peakMegabytes = process.resourceUsage().maxRSS / KIBIBYTES;
  process.send?.({ peakMegabytes, tenths, inUse: { first, last: megabytesInUse() } } satisfies MemoryResult);
  process.disconnect();
});

/** The heap and its external memory after a collection. Needs --expose-gc. */
function megabytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEBIBYTE;
}
