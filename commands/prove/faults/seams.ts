import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { KINDS, type Seam } from './fault-kinds.ts';

/** An update of a checkpoint, as far as the proof reads it. */
export type StepUpdate = { Type?: string; Action?: string; Name?: string; Id?: string };

/** A request as the proof understands it. */
export type ReadRequest = {
  seam: Seam;
  /** The sort key's kind and the whole key, where the request is about one record. */
  record?: { kind: string; key: string };
  /** The parsed body of a request to DynamoDB. */
  item?: Record<string, unknown>;
  /** A write that is done only where the key is free. */
  createsOnce?: boolean;
  start?: { workflow: string; name: string | undefined };
  checkpoint?: { arn: string; updates: StepUpdate[] };
  isSend?: boolean;
};

type Attribute = { S?: string };

/** A put on one of these conditions finds the key free, or is refused. No record of a run expires within it. */
const WHERE_FREE = new Set(['attribute_not_exists(pk)', 'attribute_not_exists(pk) OR expiresAt <= :now']);

/** Reads a request: which seam it passes and what it is about. `who` is the part of the service that makes it. */
export function readRequest(request: AwsRequest, who: string): ReadRequest {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string' && target.startsWith('DynamoDB_')) return readDynamoDb(request, target.split('.')[1] ?? '', who);
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return readForm(request, who);
  return readLambda(request, who);
}

function readDynamoDb({ body }: AwsRequest, operation: string, who: string): ReadRequest {
  const item = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const record = recordOf(operation, item);
  const seam = { name: `${who}: DynamoDB ${operation} ${record.kind}`, service: 'DynamoDB' as const, kinds: KINDS.usual };
  return { seam, record, item, createsOnce: operation === 'PutItem' && WHERE_FREE.has(String(item.ConditionExpression)) };
}

function recordOf(operation: string, item: Record<string, unknown>): { kind: string; key: string } {
  const values = item.ExpressionAttributeValues as Record<string, Attribute> | undefined;
  const key = (item.Item ?? item.Key ?? { pk: values?.[':partition'], sk: values?.[':from'] }) as Record<string, Attribute>;
  const [pk, sk] = [key.pk?.S ?? '', key.sk?.S ?? ''];
  return { kind: kindOf(pk, sk) + (operation === 'UpdateItem' ? changeOf(String(item.UpdateExpression)) : ''), key: `${pk} ${sk}` };
}

function kindOf(pk: string, sk: string): string {
  const [first = '', , third = ''] = pk.split('#');
  if (first === 'LOOKUP') return pk.split('#', 2).join(' ');
  if (first !== 'TENANT') return first;
  return third === 'ACCOUNT' ? (sk.split('#')[0] ?? '') : third;
}

/** Which of a record's changes an update is. */
function changeOf(expression: string): string {
  const known = { handover: 'hand-over', settledAt: 'outcome', receiptAt: 'receipt', waits: 'wait', endedAt: 'end', closedBy: 'closing' };
  const found = Object.entries(known).find(([attribute]) => expression.includes(attribute));
  return found === undefined ? '' : `, its ${found[1]}`;
}

function readForm({ body }: AwsRequest, who: string): ReadRequest {
  const form = new URLSearchParams(body.toString('utf8'));
  const service = form.get('Version') === '2010-12-01' ? 'SES' : 'SNS';
  return { seam: { name: `${who}: ${service} ${form.get('Action')}`, service, kinds: KINDS.ofSends }, isSend: true };
}

function readLambda({ url, headers, body }: AwsRequest, who: string): ReadRequest {
  const { pathname } = new URL(url, 'http://localhost');
  const invoked = /\/functions\/([^/]+)\/invocations/.exec(pathname)?.[1];
  if (invoked !== undefined) {
    const workflow = decodeURIComponent(invoked).replace(/:.*$/, '').replace('totogi-notifications-local-', '');
    const name = headers['x-amz-durable-execution-name'];
    const seam = { name: `${who}: Lambda Invoke`, service: 'Lambda' as const, kinds: KINDS.usual };
    return { seam, start: { workflow, name: typeof name === 'string' ? name : undefined } };
  }
  const [, encoded = '', what = ''] = /\/durable-executions\/([^/]+)\/([a-z]+)/.exec(pathname) ?? [];
  const updates = what === 'checkpoint' ? ((JSON.parse(body.toString('utf8')) as { Updates?: StepUpdate[] }).Updates ?? []) : [];
  const last = updates.at(-1);
  const name = last === undefined ? `Lambda ${what}` : `Lambda checkpoint ${last.Action?.toLowerCase()} ${last.Name ?? last.Type}`;
  const seam = { name: `${who}: ${name}`, service: 'Lambda' as const, kinds: KINDS.ofCheckpoints };
  return { seam, checkpoint: { arn: decodeURIComponent(encoded), updates } };
}
