/** Measures in its own process, without database or Lambda. */

import { parseEvent } from '../../../src/ingest/parse-event.ts';
import { eventId } from '../../../src/schemas/event/event-id.ts';
import type { Notification } from '../../../src/schemas/event/notification.ts';
import { notificationBodies } from '../parts/notifications.ts';

export type SchemaTask = { tenant: string; seed: number; events: number; passes: number };
/** Microseconds of processor time per event: for everything, and for JSON parsing and the ID alone. */
export type SchemaResult = { whole: number; parsing: number; id: number };

process.once('message', ({ tenant, seed, events, passes }: SchemaTask) => {
  const crowd = notificationBodies({ tenant, seed, accounts: 500, startsAt: Date.now() - 3_600_000, millisecondsApart: 1 });
  const bodies = Array.from({ length: events }, () => crowd.next().value);
  const notifications = bodies.map(notificationIn);
  const pass = <Subject>(subjects: Subject[], work: (subject: Subject) => unknown) => {
    const before = process.cpuUsage();
    for (const subject of subjects) work(subject);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (events * passes);
  };
  const result: SchemaResult = { parsing: 0, id: 0, whole: 0 };
  // In turns, so that a busy moment affects all three: their differences matter. The first turn warms up.
  for (let turn = 0; turn <= passes; turn += 1) {
    const parsing = pass(bodies, (body) => JSON.parse(body));
    const id = pass(notifications, eventId);
    const whole = pass(bodies, parseEvent);
    if (turn === 0) continue;
    result.parsing += parsing;
    result.id += id;
    result.whole += whole;
  }
  process.send?.(result);
  process.disconnect();
});

function notificationIn(body: string): Notification {
  const event = parseEvent(body);
  if (!event.valid) throw new Error('An event that is measured is invalid.');
  return event.notification;
}
