import { countSms } from '../../../src/messaging/sms-parts.ts';
import type { AwsCall } from '../../shared/aws-call.ts';
import { itemBytes, writeUnitsOf } from './item-size.ts';

const BILLED_AMOUNTS = [
  'starts',
  'invocations',
  'durableOperations',
  'durableBytes',
  'readUnits',
  'writeUnits',
  'smsParts',
  'mails',
] as const;

/**
 * What AWS bills. `starts`: started durable executions; `invocations`: a durable function is invoked again after each wait;
 * `durableOperations`: starts, finished steps, waits and callbacks; `durableBytes`: sent to be stored in histories, payloads with their
 * envelopes. `calls`: by service and operation.
 */
export type Usage = Record<(typeof BILLED_AMOUNTS)[number], number> & { calls: Record<string, number> };

/**
 * Per unit of an item. A request does not show an item's size after an update: it counts as one unit, which the records of runs do not
 * exceed.
 */
const TRANSACTION_UNITS = 2;
const READS = new Set(['GetItem', 'Query']);
/** Billed operations of a durable execution, by type and action: a step when it ends, a wait and a callback when they start. */
const BILLED = new Set(['STEP/SUCCEED', 'STEP/FAIL', 'WAIT/START', 'CALLBACK/START', 'CONTEXT/SUCCEED', 'CONTEXT/FAIL']);

type TransactPart = { Put?: { Item: Parameters<typeof itemBytes>[0] } };

export function noUsage(): Usage {
  const amounts = { starts: 0, invocations: 0, durableOperations: 0, durableBytes: 0, readUnits: 0, writeUnits: 0, smsParts: 0, mails: 0 };
  return { ...amounts, calls: {} };
}

export function sumOfUsage(usages: Usage[]): Usage {
  const sum = noUsage();
  for (const usage of usages) {
    for (const amount of BILLED_AMOUNTS) sum[amount] += usage[amount];
    for (const [name, count] of Object.entries(usage.calls)) sum.calls[name] = (sum.calls[name] ?? 0) + count;
  }
  return sum;
}

/** Counts a request before it is answered. `started` returns the usage of the function that the request starts. */
export function countCall(usage: Usage, call: AwsCall, body: Buffer, started: (functionKey: string) => Usage): void {
  const { service, operation, start, checkpoint, item, form } = call;
  const name = service === 'Totogi' ? service : `${service} ${operation}`;
  usage.calls[name] = (usage.calls[name] ?? 0) + 1;
  if (start !== undefined) countStart(started(start.functionKey), body);
  if (operation === 'checkpoint') countUpdates(usage, checkpoint?.updates ?? []);
  if (operation === 'TransactWriteItems') countTransaction(usage, (item?.TransactItems ?? []) as TransactPart[]);
  if (operation === 'Publish') usage.smsParts += countSms(form?.get('Message') ?? '').parts;
  if (operation === 'SendRawEmail') usage.mails += 1;
}

/** Whether DynamoDB's answer can say what it consumed. A transaction's writes are counted from the request. */
export function saysWhatItConsumes({ service, operation }: AwsCall): boolean {
  return service === 'DynamoDB' && operation !== 'TransactWriteItems';
}

/** Counts the units in DynamoDB's answer. */
export function countConsumed(usage: Usage, { operation }: AwsCall, reply: string): void {
  const { ConsumedCapacity }: { ConsumedCapacity?: { CapacityUnits: number } } = JSON.parse(reply);
  // A write whose condition fails is billed too.
  usage[READS.has(operation) ? 'readUnits' : 'writeUnits'] += ConsumedCapacity?.CapacityUnits ?? 1;
}

function countStart(run: Usage, payload: Buffer): void {
  run.starts += 1;
  run.durableOperations += 1;
  run.durableBytes += payload.length;
}

function countUpdates(usage: Usage, updates: { Type?: string; Action?: string }[]): void {
  usage.durableBytes += Buffer.byteLength(JSON.stringify(updates));
  usage.durableOperations += updates.filter(({ Type, Action }) => BILLED.has(`${Type}/${Action}`)).length;
}

function countTransaction(usage: Usage, parts: TransactPart[]): void {
  for (const { Put } of parts) usage.writeUnits += TRANSACTION_UNITS * (Put ? writeUnitsOf(itemBytes(Put.Item)) : 1);
}
