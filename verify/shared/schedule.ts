import type { ServiceParts } from '../../local/service-parts.ts';

/** When the queues and the durable executions are next due, from their stored state. Times are milliseconds since the epoch. */
export type Schedule = {
  nextMessageAt(): number | undefined;
  /** Something is due now. */
  isDue(): boolean;
  running(): number;
  /** Messages in a queue, visible or not. */
  waitingMessages(): number;
  /** Runs with a failed step or invocation to retry. */
  waitingSteps(): number;
  /** Moves the clock towards the next due time, within these limits. Returns false if nothing will ever be due. */
  jumpToNext(leastMilliseconds: number, maxMilliseconds: number): boolean;
};

export function createSchedule({ state: { db }, clock, stack }: ServiceParts): Schedule {
  const queues = JSON.stringify(stack.queues.map(({ name }) => name));
  const messages = 'SELECT min(visible_at) AS at FROM queue_messages WHERE queue IN (SELECT value FROM json_each(?))';
  const nextMessage = db.prepare(messages);
  const next = db.prepare(`
    SELECT min(at) AS at FROM (
      SELECT min(due_at) AS at FROM durable_operations WHERE due_at IS NOT NULL
      UNION ALL SELECT min(invoke_at) FROM durable_executions WHERE invoke_at IS NOT NULL
      UNION ALL ${messages})`);
  const running = db.prepare("SELECT count(*) AS n FROM durable_executions WHERE status = 'RUNNING'");
  const waitingMessages = db.prepare('SELECT count(*) AS n FROM queue_messages WHERE queue IN (SELECT value FROM json_each(?))');
  const waitingSteps = db.prepare(`
    SELECT count(*) AS n FROM durable_executions WHERE status = 'RUNNING' AND (failed_invocations > 0 OR sequence IN
      (SELECT execution FROM durable_operations WHERE pending = 1 AND operation ->> 'Type' = 'STEP'))`);
  const time = (at: unknown) => (typeof at === 'number' ? at : undefined);
  const nextAt = () => time(next.get(queues)?.at);
  return {
    nextMessageAt: () => time(nextMessage.get(queues)?.at),
    isDue: () => (nextAt() ?? Number.POSITIVE_INFINITY) <= clock.now(),
    running: () => Number(running.get()?.n),
    waitingMessages: () => Number(waitingMessages.get(queues)?.n),
    waitingSteps: () => Number(waitingSteps.get()?.n),
    jumpToNext(leastMilliseconds, maxMilliseconds) {
      const at = nextAt();
      if (at === undefined) return false;
      clock.advance(Math.min(Math.max(at - clock.now() + 1, leastMilliseconds), maxMilliseconds) / 1_000);
      return true;
    },
  };
}
