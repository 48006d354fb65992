import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { itemBytes } from './item-size.ts';
import type { MeteredService } from './metered-service.ts';

/** In bytes as DynamoDB bills them. */
export type Stored = {
  events: number;
  /** The events' copies in the index. */
  index: number;
  /** Runs, messages, episodes, offers and their look-ups. */
  workflows: number;
};

/** DynamoDB bills this overhead for each item, and for each of its copies in an index. */
const OVERHEAD_BYTES = 100;
/** By partition and sort key. */
const OF_WORKFLOWS = /^(TENANT#[^#]+#ACCOUNT#\S+ (RUN#|MESSAGE#|EPISODE#|OFFER#|MARKETING$)|LOOKUP#(receipt|link)#)/;

/** Leaves out configurations, profiles and days. */
export async function weighTable({ parts, table }: MeteredService): Promise<Stored> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${parts.aws.dynamoDbPort}`, region: 'us-east-1', credentials });
  const stored: Stored = { events: 0, index: 0, workflows: 0 };
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table.name })) for (const item of Items) weigh(item, stored);
  client.destroy();
  return stored;
}

function weigh(item: Record<string, AttributeValue>, stored: Stored): void {
  const bytes = itemBytes(item) + OVERHEAD_BYTES;
  const key = `${item.pk?.S} ${item.sk?.S}`;
  if ('timeline' in item) {
    stored.events += bytes;
    stored.index += bytes;
  } else if (OF_WORKFLOWS.test(key)) stored.workflows += bytes;
}
