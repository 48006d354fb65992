import type { AwsRequest } from '../../../local/http-server.ts';
import { type AwsCall, parseCall } from '../../shared/aws-call.ts';
import { type FaultKind, KINDS, type Seam } from './fault-kinds.ts';

type Fields = Record<string, unknown>;
type Attribute = { S?: string };

export type ReadRequest = AwsCall & {
  seam: Seam;
  /** The sort key's kind and the whole key if the request is about one record; for a transaction, those of its first write. */
  record?: { kind: string; key: string };
  /** A write that only succeeds if the key is free. */
  createsOnce?: boolean;
  /** DynamoDB's idempotency token of a transaction: a repeat gets the first answer, and writes nothing. */
  transaction?: string;
  isSend?: boolean;
};

/** A put on one of these conditions only succeeds if the key is free. No record of a run expires within the proof's time. */
const WHERE_FREE = new Set(['attribute_not_exists(pk)', 'attribute_not_exists(pk) OR expiresAt <= :now']);

/** The kind of an update, by an attribute that only this kind sets. */
const CHANGES = {
  attemptId: 'send attempt',
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

/** `who` is the part of the service that sends the request. */
export function parseRequest(request: AwsRequest, who: string): ReadRequest {
  const call = parseCall(request);
  const seam = (name: string, kinds: readonly FaultKind[] = KINDS.usual, isRare = false): Seam => ({
    name: `${who}: ${call.service} ${name}`,
    service: call.service,
    kinds,
    isRare,
  });
  const { service, operation, item, checkpoint, totogi } = call;
  if (item !== undefined) return { ...call, ...parseWrite(operation, item, seam) };
  if (service === 'SNS' || service === 'SES') return { ...call, seam: seam(operation, KINDS.ofSends), isSend: true };
  if (checkpoint !== undefined) return { ...call, seam: seam(nameOf(operation, checkpoint), KINDS.ofCheckpoints) };
  return { ...call, seam: seam(operation, KINDS.usual, totogi?.isChange ?? (operation === 'callback' || operation === 'token')) };
}

function nameOf(operation: string, { updates }: NonNullable<AwsCall['checkpoint']>): string {
  const last = updates.at(-1);
  return last === undefined ? operation : `checkpoint ${last.Action?.toLowerCase()} ${last.Name ?? last.Type}`;
}

type SeamNamed = (name: string, kinds: readonly FaultKind[], isRare: boolean) => Seam;

function parseWrite(operation: string, item: Fields, seam: SeamNamed): Omit<ReadRequest, keyof AwsCall> {
  const write = firstWrite(operation, item);
  const record = recordOf(write);
  const isTransaction = operation === 'TransactWriteItems';
  return {
    seam: seam(`${operation} ${record.kind}`, KINDS.usual, isTransaction),
    record,
    createsOnce: write.operation === 'PutItem' && WHERE_FREE.has(String(write.item.ConditionExpression)),
    ...(isTransaction && { transaction: String(item.ClientRequestToken) }),
  };
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
