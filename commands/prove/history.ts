import type { ServiceParts } from '../../local/service-parts.ts';

export type Execution = { arn: string; status: string };
/** A message in a dead-letter queue. */
export type DeadLetter = { queue: string; body: string; attributes: string };
/** What is forgotten after 14 days. */
export type Expiring = { executions: Execution[]; deadLetters: DeadLetter[] };

/** What expires, noted before it does. */
export type History = {
  /** Takes a look, unless it took one recently. */
  note(): void;
  read(): Expiring;
};

const LOOK_MILLISECONDS = 4 * 24 * 3_600_000;

/** Opens the history of what expires: with a look every few days nothing is missed. */
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
    note() {
      if (clock.now() - recordedAt >= LOOK_MILLISECONDS) look();
    },
    read() {
      look();
      return { executions: [...known.executions.values()], deadLetters: [...known.letters.values()] };
    },
  };
}
