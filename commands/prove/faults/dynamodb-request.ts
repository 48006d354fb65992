import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { KINDS } from './fault-kinds.ts';
import type { ReadRequest } from './read-request.ts';

type Attribute = { S?: string };
type Fields = Record<string, unknown>;

/** A put on one of these conditions only succeeds if the key is free. No record of a run expires within the proof's time. */
const WHERE_FREE = new Set(['attribute_not_exists(pk)', 'attribute_not_exists(pk) OR expiresAt <= :now']);

/** The kind of an update, by an attribute that only this kind sets. */
const CHANGES = {
  attemptId: 'hand-over',
  finalizedAt: 'outcome',
  receiptAt: 'receipt',
  waits: 'wait',
  finishedAt: 'end',
  closedBy: 'closing',
  callbackId: 'callback',
  plansBefore: 'plans',
  openedAt: 'opening',
  convertedBy: 'credit',
};

export function parseDynamoDb({ body }: AwsRequest, operation: string, who: string): ReadRequest {
  const item = JSON.parse(body.toString('utf8')) as Fields;
  const write = firstWrite(operation, item);
  const record = recordOf(write);
  const seam = { name: `${who}: DynamoDB ${operation} ${record.kind}`, service: 'DynamoDB' as const, kinds: KINDS.usual };
  const createsOnce = write.operation === 'PutItem' && WHERE_FREE.has(String(write.item.ConditionExpression));
  if (operation !== 'TransactWriteItems') return { seam, record, item, createsOnce };
  return { seam: { ...seam, isRare: true }, record, item, createsOnce, transaction: String(item.ClientRequestToken) };
}

type Write = { operation: string; item: Fields };

/** A transaction has the name of its first write, which is that of its main record. */
function firstWrite(operation: string, item: Fields): Write {
  const [first] = (item.TransactItems ?? []) as { Put?: Fields; Update?: Fields }[];
  if (first?.Put !== undefined) return { operation: 'PutItem', item: first.Put };
  if (first?.Update !== undefined) return { operation: 'UpdateItem', item: first.Update };
  return { operation, item };
}

function recordOf({ operation, item }: Write): { kind: string; key: string } {
  const values = item.ExpressionAttributeValues as Record<string, Attribute> | undefined;
  const key = (item.Item ?? item.Key ?? { pk: values?.[':partition'], sk: values?.[':from'] }) as Record<string, Attribute>;
  const [pk, sk] = [key.pk?.S ?? '', key.sk?.S ?? ''];
  return { kind: kindOf(pk, sk) + (operation === 'UpdateItem' ? changeOf(String(item.UpdateExpression), values) : ''), key: `${pk} ${sk}` };
}

function kindOf(pk: string, sk: string): string {
  const [first = '', , third = ''] = pk.split('#');
  if (first === 'LOOKUP') return pk.split('#', 2).join(' ');
  if (first !== 'TENANT') return first;
  return third === 'ACCOUNT' ? (sk.split('#')[0] ?? '') : third;
}

function changeOf(expression: string, values: Record<string, Attribute> | undefined): string {
  if (values?.[':to']?.S !== undefined) return `, to ${values[':to'].S}`;
  const found = Object.entries(CHANGES).find(([attribute]) => expression.includes(attribute));
  return found === undefined ? '' : `, its ${found[1]}`;
}
