import { DEAD_LETTER_QUEUES, type DeadLetterQueueName, type Handled, type RedriveReport } from '../schemas/operations/dead-letters.ts';
import { drainDeadLetters, moveDeadLetters } from './dead-letters.ts';
import type { CallFunction } from './function-calls.ts';
import { type Queues, sendToQueue } from './queues.ts';
import { type RestartSources, restartRuns } from './restart-runs.ts';

export type RedriveSources = RestartSources & { queues: Queues; callFunction: CallFunction };

/** Redrives a dead-letter queue the way that fits it: moves its messages, or handles them one by one for as long as there is time. */
export async function redriveDeadLetters(
  sources: RedriveSources,
  queue: DeadLetterQueueName,
): Promise<Pick<RedriveReport, 'move' | 'handled' | 'goesOn'>> {
  const { queues, now } = sources;
  const target = DEAD_LETTER_QUEUES[queue];
  if (target.way === 'move') return { move: await moveDeadLetters(queues, queue, target.to), goesOn: false };
  return drainDeadLetters(queues, queue, { handle: (body) => handle(sources, target, body), now });
}

type OneByOne = Exclude<(typeof DEAD_LETTER_QUEUES)[DeadLetterQueueName], { way: 'move' }>;

async function handle(sources: RedriveSources, target: OneByOne, body: string): Promise<Handled> {
  if (target.way === 'start') return restartRuns(sources, body);
  if (target.way === 'invoke') return (await sources.callFunction(target.function, body)) ? 'invoked' : 'failed-again';
  await sendToQueue(sources.queues, target.to, { body, attributes: {} });
  return 'sent';
}
