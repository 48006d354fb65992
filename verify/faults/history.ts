import type { ServiceParts } from '../../local/service-parts.ts';

export type Execution = { arn: string; status: string };
export type DeadLetter = { queue: string; body: string; attributes: string };
/** Lambda and SQS delete these after 14 days. */
export type Expiring = { executions: Execution[]; deadLetters: DeadLetter[] };

/** Records what expires before it does. */
export type History = {
  /** Looks again, unless it did so recently. */
  record(): void;
  read(): Expiring;
};

const LOOK_MILLISECONDS = 4 * 24 * 3_600_000;

/** A look every few days misses nothing. */
export function createHistory({ state, stack, clock }: ServiceParts): History {
  const executions = state.db.prepare('SELECT arn, status FROM durable_executions');
  const letters = state.db.prepare('SELECT queue, body, attributes FROM queue_messages WHERE queue IN (SELECT value FROM json_each(?))');
  const queues = JSON.stringify(stack.deadLetterQueues.map(({ name }) => name));
  const known = { executions: new Map<string, Execution>(), letters: new Map<string, DeadLetter>() };
  let recordedAt = clock.now();

  function look(): void {
    recordedAt = clock.now();
    for (const execution of executions.all() as unknown as Execution[]) known.executions.set(execution.arn, execution);
    for (const letter of letters.all(queues) as unknown as DeadLetter[]) known.letters.set(`${letter.queue} ${letter.body}`, letter);
  }

  return {
    record() {
      if (clock.now() - recordedAt >= LOOK_MILLISECONDS) look();
    },
    read() {
      look();
      return { executions: [...known.executions.values()], deadLetters: [...known.letters.values()] };
    },
  };
}
