import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Table, tableOver } from '../../../src/platform/table.ts';

/** Counts the read units that DynamoDB reports. */
export type MeteredTable = { table: Table; takeReadUnits(): number };

export function createMeteredTable(url: string, name: string): MeteredTable {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  let units = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isRead = context.commandName === 'QueryCommand' || context.commandName === 'GetItemCommand';
      const answer = await next(isRead ? { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } } : args);
      if ('ConsumedCapacity' in answer.output) units += unitsIn(answer.output.ConsumedCapacity);
      return answer;
    },
    { step: 'initialize' },
  );
  const { client: documents } = tableOver(client, name);
  return {
    table: { client: documents, name },
    takeReadUnits() {
      const taken = units;
      units = 0;
      return taken;
    },
  };
}

function unitsIn(consumed: unknown): number {
  if (typeof consumed !== 'object' || consumed === null || !('CapacityUnits' in consumed)) return 0;
  return Number(consumed.CapacityUnits);
}
