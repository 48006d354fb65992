import { existsSync, readFileSync } from 'node:fs';
import { GetDurableExecutionCommand, type GetDurableExecutionResponse, InvokeCommand } from '@aws-sdk/client-lambda';
import { expect, vi } from 'vitest';
import { patience } from '../../builders/patience.ts';
import { type Engine, functionPrefix } from './engine.ts';

/** What tests do with runs, from the outside as far as that shows it. */
export type RunDriver = {
  /** Starts a run of a fixture workflow and answers its ARN. */
  begin(key: string, payload: unknown, name?: string): Promise<string>;
  look(arn: string): Promise<GetDurableExecutionResponse>;
  /** Waits for the end: status and result, or the type of the error. */
  ending(arn: string): Promise<string>;
  /** Waits until the function has left, with something to wait for. */
  suspended(arn: string): Promise<void>;
};

export function driveRuns({ client, state }: Engine): RunDriver {
  const waits = state.db.prepare('SELECT 1 FROM durable_executions WHERE arn = ? AND invoke_at IS NULL');
  const look = (arn: string) => client.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
  return {
    look,
    async begin(key, payload, name) {
      const reply = await client.send(
        new InvokeCommand({
          FunctionName: `${functionPrefix}-${key}`,
          Qualifier: 'durable',
          InvocationType: 'Event',
          DurableExecutionName: name,
          Payload: JSON.stringify(payload),
        }),
      );
      expect(reply.StatusCode).toBe(202);
      return reply.DurableExecutionArn ?? '';
    },
    async ending(arn) {
      await vi.waitFor(async () => expect((await look(arn)).Status).not.toBe('RUNNING'), patience);
      const { Status, Result, Error: error } = await look(arn);
      return `${Status} ${Result ?? error?.ErrorType}`;
    },
    suspended: (arn) => vi.waitFor(() => expect(waits.get(arn)).toBeDefined(), patience),
  };
}

/** The lines the fixture workflows wrote into a file. */
export function effectsIn(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}
