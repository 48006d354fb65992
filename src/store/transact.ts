import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table.ts';

export type Part = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

/** Writes all parts or none. Returns undefined, or the reason of each part when DynamoDB cancels the transaction. */
export async function transact(table: Table, parts: Part[]): Promise<string[] | undefined> {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: parts }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  }
}
