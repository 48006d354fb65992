import { type AwsRequest, isForDynamoDb } from '../../local/aws-endpoint.ts';
import { functionPrefix } from '../../local/template/packaged-stack.ts';
import { countSms } from '../../src/rules/sms-parts.ts';
import { itemBytes, writeUnitsOf } from './item-size.ts';
import type { Usage } from './usage.ts';

/**
 * Per unit of an item. A request does not show an item's size after an update: it counts as one unit, which the records of runs do not
 * exceed.
 */
const TRANSACTION_UNITS = 2;
const CARRIERS: Record<string, string> = { Publish: 'SNS Publish', SendRawEmail: 'SES SendRawEmail' };
const READS = new Set(['GetItem', 'Query']);
/** Billed operations of a durable execution, by type and action: a step when it ends, a wait and a callback when they start. */
const BILLED = new Set(['STEP/SUCCEED', 'STEP/FAIL', 'WAIT/START', 'CALLBACK/START', 'CONTEXT/SUCCEED', 'CONTEXT/FAIL']);

type Update = { Type?: string; Action?: string };
type TransactPart = { Put?: { Item: Parameters<typeof itemBytes>[0] } };

export function isForTotogi(path: string): boolean {
  return path === '/graphql' || path === '/oauth2/token';
}

/** Counts a request before it is answered. `started` returns the usage of the function that the request starts. */
export function countRequest(usage: Usage, request: AwsRequest, started: (functionKey: string) => Usage): void {
  const { url, headers, body } = request;
  const { pathname } = new URL(url, 'http://local');
  const starts = /\/functions\/([^/]+)\/invocations/.exec(pathname)?.[1];
  if (isForTotogi(pathname)) countCall(usage, 'Totogi');
  else if (isForDynamoDb(headers)) countDynamoDb(usage, operationOf(request), body);
  else if (starts !== undefined) {
    countCall(usage, 'Lambda Invoke');
    const run = started(decodeURIComponent(starts).replace(/:.*$/, '').slice(`${functionPrefix}-`.length));
    run.starts += 1;
    run.durableOperations += 1;
    run.durableBytes += body.length;
  } else if (pathname.includes('/durable-execution')) countCheckpoint(usage, pathname, body);
  else if (headers['x-amz-target'] !== undefined) countCall(usage, String(headers['x-amz-target']).replace('.', ' '));
  else countForm(usage, new URLSearchParams(body.toString('utf8')));
}

/** Counts the units in DynamoDB's answer. */
export function countConsumed(usage: Usage, request: AwsRequest, reply: string): void {
  const operation = operationOf(request);
  if (operation === 'TransactWriteItems') return;
  const { ConsumedCapacity } = JSON.parse(reply) as { ConsumedCapacity?: { CapacityUnits: number } };
  // A write whose condition fails is billed too.
  const units = ConsumedCapacity?.CapacityUnits ?? 1;
  if (READS.has(operation)) usage.readUnits += units;
  else usage.writeUnits += units;
}

/** Adds ReturnConsumedCapacity to a request. */
export function askingWhatItConsumes(request: AwsRequest): AwsRequest {
  if (operationOf(request) === 'TransactWriteItems') return request;
  const asked = { ...JSON.parse(request.body.toString('utf8')), ReturnConsumedCapacity: 'TOTAL' };
  return { ...request, body: Buffer.from(JSON.stringify(asked)) };
}

function operationOf({ headers }: AwsRequest): string {
  return String(headers['x-amz-target']).split('.').at(-1) ?? '';
}

function countCall(usage: Usage, name: string): void {
  usage.calls[name] = (usage.calls[name] ?? 0) + 1;
}

function countDynamoDb(usage: Usage, operation: string, body: Buffer): void {
  countCall(usage, `DynamoDB ${operation}`);
  if (operation !== 'TransactWriteItems') return;
  const { TransactItems } = JSON.parse(body.toString('utf8')) as { TransactItems: TransactPart[] };
  for (const { Put } of TransactItems) usage.writeUnits += TRANSACTION_UNITS * (Put ? writeUnitsOf(itemBytes(Put.Item)) : 1);
}

function countCheckpoint(usage: Usage, pathname: string, body: Buffer): void {
  const isCheckpoint = pathname.endsWith('/checkpoint');
  countCall(usage, isCheckpoint ? 'Lambda checkpoint' : 'Lambda durable execution');
  if (!isCheckpoint) return;
  const { Updates = [] } = JSON.parse(body.toString('utf8')) as { Updates?: Update[] };
  usage.durableBytes += Buffer.byteLength(JSON.stringify(Updates));
  usage.durableOperations += Updates.filter(({ Type, Action }) => BILLED.has(`${Type}/${Action}`)).length;
}

function countForm(usage: Usage, form: URLSearchParams): void {
  const action = form.get('Action') ?? '';
  countCall(usage, CARRIERS[action] ?? 'other');
  if (action === 'Publish') usage.smsParts += countSms(form.get('Message') ?? '').parts;
  if (action === 'SendRawEmail') usage.mails += 1;
}
