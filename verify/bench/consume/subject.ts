/** Measures one consumer in its own process. */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { createRequire } from 'node:module';
import { notificationBodies, queueBatch } from '../parts/notifications.ts';

export type SubjectTask = {
  bundle: string;
  tenant: string;
  seed: number;
  batchSize: number;
  warmUpEvents: number;
  events: number;
  /** Count PutItem calls, which costs a little time. */
  countsWrites?: boolean;
};
/** `writesPerEvent` has PutItem calls if they were counted. */
export type SubjectResult = { microsecondsPerEvent: number; eventsPerSecond: number; writesPerEvent: number };

process.once('message', async (task: SubjectTask) => {
  const { handler } = createRequire(import.meta.url)(task.bundle);
  const { tenant, seed, batchSize } = task;
  const bodies = notificationBodies({ tenant, seed, accounts: 500, startsAt: Date.now() - 3_600_000, millisecondsApart: 1 });
  const context = { awsRequestId: 'request-1', functionName: 'bench', functionVersion: '1', getRemainingTimeInMillis: () => 30_000 };

  /** Generated before the measurement, because this is the emulator's work. */
  const batches = (events: number) =>
    Array.from({ length: Math.ceil(events / batchSize) }, () =>
      queueBatch(
        Array.from({ length: batchSize }, () => bodies.next().value),
        Date.now(),
      ),
    );
  const run = async (events: ReturnType<typeof batches>) => {
    const before = process.cpuUsage();
    for (const batch of events) {
      const { batchItemFailures } = await handler(batch, context);
      if (batchItemFailures.length > 0) throw new Error('A consumer that is measured failed.');
    }
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };

  let writes = 0;
  if (task.countsWrites) {
    subscribe('http.client.request.start', (message) => {
      const { request } = message as { request: ClientRequest };
      if (String(request.getHeader('x-amz-target')).endsWith('.PutItem')) writes += 1;
    });
  }
  await run(batches(task.warmUpEvents));
  writes = 0;
  const measured = batches(task.events);
  const started = performance.now();
  const microseconds = await run(measured);
  const seconds = (performance.now() - started) / 1_000;
  const done = measured.length * batchSize;
  const result: SubjectResult = {
    microsecondsPerEvent: microseconds / done,
    eventsPerSecond: done / seconds,
    writesPerEvent: writes / done,
  };
  process.send?.(result);
  process.disconnect();
});
