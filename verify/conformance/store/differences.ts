import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  ExecuteStatementCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ensureTable } from '../../../local/database/table.ts';
import { readPackagedStack } from '../../../local/template/packaged-stack.ts';

const LARGEST_ITEM_BYTES = 409_600;
const DEEPEST_NESTING = 32;

type Table = { client: DynamoDBClient; name: string };
type Probe = { behaviour: string; embedded: string; dynamoDBLocal: string; try(table: Table): Promise<string> };

/** Ways in which the two may differ, and the behaviour that was seen. docs/conformance.md lists those that do differ. */
export const probes: Probe[] = [
  {
    behaviour: 'a failed condition returns the item that stood in the way',
    embedded: 'no',
    dynamoDBLocal: 'yes',
    async try(table) {
      await put(table, {});
      const condition = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
      const error: unknown = await put(table, {}, condition).catch((refusal: unknown) => refusal);
      return error instanceof ConditionalCheckFailedException && error.Item !== undefined ? 'yes' : 'no';
    },
  },
  {
    behaviour: 'time to live can be switched on',
    embedded: 'UnknownOperationException',
    dynamoDBLocal: 'yes',
    try: ({ client, name }) =>
      answer(
        client.send(
          new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } }),
        ),
      ),
  },
  {
    behaviour: 'PartiQL is understood',
    embedded: 'UnknownOperationException',
    dynamoDBLocal: 'yes',
    try: ({ client, name }) => answer(client.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${name}"` }))),
  },
  {
    behaviour: 'an empty text may be the key of the index',
    embedded: 'yes',
    dynamoDBLocal: 'ValidationException',
    try: (table) => answer(put(table, { timeline: { S: '' } })),
  },
  {
    behaviour: 'a value may be nested deeper than 32 levels',
    embedded: 'yes',
    dynamoDBLocal: 'ValidationException',
    try: (table) => answer(put(table, { deep: nested(DEEPEST_NESTING + 1) })),
  },
  {
    behaviour: 'an item may be larger than 400 kB',
    embedded: 'ValidationException',
    dynamoDBLocal: 'ValidationException',
    try: (table) => answer(put(table, { text: { S: 'x'.repeat(LARGEST_ITEM_BYTES) } })),
  },
  {
    behaviour: 'a number may have more than 38 digits',
    embedded: 'ValidationException',
    dynamoDBLocal: 'ValidationException',
    try: (table) => answer(put(table, { number: { N: '1'.repeat(39) } })),
  },
  {
    behaviour: 'a range may end before it begins',
    embedded: 'ValidationException',
    dynamoDBLocal: 'ValidationException',
    try: (table) => answer(between(table, ['z', 'a'])),
  },
  {
    behaviour: 'the index can be read consistently',
    embedded: 'ValidationException',
    dynamoDBLocal: 'ValidationException',
    try: ({ client, name }) =>
      answer(
        client.send(
          new QueryCommand({
            TableName: name,
            IndexName: 'timeline',
            ConsistentRead: true,
            KeyConditionExpression: 'timeline = :day',
            ExpressionAttributeValues: { ':day': { S: 'day' } },
          }),
        ),
      ),
  },
  {
    behaviour: 'keys are in the order of their UTF-8 bytes',
    embedded: 'yes',
    dynamoDBLocal: 'yes',
    async try(table) {
      const keys = ['z', '\uffff', '\u{1f600}'];
      for (const sk of keys.toReversed()) await put(table, { pk: { S: 'order' }, sk: { S: sk } });
      const { Items = [] } = await between(table, ['a', '\u{1f6ff}'], 'order');
      return Items.map(({ sk }) => sk?.S).join() === keys.join() ? 'yes' : 'no';
    },
  },
];

export async function tryProbes(endpoint: string): Promise<Map<string, string>> {
  const { table: definition } = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'differences', secretAccessKey: 'test' },
  });
  const table: Table = { client, name: definition.TableName };
  await ensureTable(DynamoDBDocumentClient.from(client), definition);
  const answers = new Map<string, string>();
  for (const probe of probes) answers.set(probe.behaviour, await probe.try(table));
  client.destroy();
  return answers;
}

function put({ client, name }: Table, attributes: Record<string, AttributeValue>, more: Partial<PutItemCommandInput> = {}) {
  return client.send(new PutItemCommand({ TableName: name, Item: { pk: { S: 'partition' }, sk: { S: 'item' }, ...attributes }, ...more }));
}

function between({ client, name }: Table, [from, to]: [string, string], partition = 'partition') {
  return client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :partition AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':partition': { S: partition }, ':from': { S: from }, ':to': { S: to } },
    }),
  );
}

function nested(levels: number): AttributeValue {
  return levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] };
}

function answer(reply: Promise<unknown>): Promise<string> {
  return reply.then(
    () => 'yes',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
