import { randomUUID } from 'node:crypto';
import type { MessageAttributes } from '../queue/messages.ts';
import type { PackagedFunction } from '../template/packaged-stack.ts';
import type { Execution, ExecutionEnd } from './execution-store.ts';

export type DeadLetter = (execution: Pick<Execution, 'functionKey' | 'input'>, end: ExecutionEnd) => void;

export type DeadLettersOptions = {
  functions: PackagedFunction[];
  send: (queue: string, body: string, attributes: MessageAttributes) => void;
};

const MAX_MESSAGE_LENGTH = 1_024;

/**
 * Sends the run's input to the function's dead-letter queue, as Lambda does for asynchronous invocations.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
 */
export function createDeadLetters({ functions, send }: DeadLettersOptions): DeadLetter {
  const queues = new Map(functions.map(({ key, deadLetterQueue }) => [key, deadLetterQueue]));
  return ({ functionKey, input }, { error }) => {
    const queue = queues.get(functionKey);
    if (queue === undefined) return;
    send(queue, input, {
      RequestID: { DataType: 'String', StringValue: randomUUID() },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: (error?.ErrorMessage ?? '').slice(0, MAX_MESSAGE_LENGTH) },
    });
  };
}
