import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { CONFLICT, retryOnConflict } from './retry-on-conflict.ts';
import type { Table } from './table.ts';
import { isTransient } from './transient-errors.ts';

export type Part = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

/**
 * Writes all parts or none. Retries conflicts with other transactions.
 *
 * @returns undefined, or whether each part's condition failed.
 * @throws Contended when other transactions were faster at every attempt.
 */
export function transact(table: Table, parts: Part[]): Promise<boolean[] | undefined> {
  return retryOnConflict('records that one transaction writes', async () => {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: parts }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = (error.CancellationReasons ?? []).map(({ Code }) => Code === 'ConditionalCheckFailed');
      if (failed.some(Boolean)) return failed;
      if (isTransient(error)) return CONFLICT;
      throw error;
    }
  });
}
