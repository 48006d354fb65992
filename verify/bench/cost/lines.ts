import type { Figure } from '../benchmark.ts';
import { spreadOf } from '../spread.ts';
import type { CountedMix } from './count-mix.ts';
import type { Price, Prices } from './prices.ts';
import type { Usage } from './usage.ts';

export const MILLION = 1_000_000;
export const GIGABYTE = 2 ** 30;
export const MEMORY_GIGABYTES = 0.5;
/** Lambda gives a full processor at 1,769 MB. */
export const PROCESSOR_SHARE = 512 / 1_769;
export const BATCH_SIZE = 10;
/** The wait for DynamoDB, with a batch's items in parallel: assumed, since no stand-in has AWS's latency. */
export const BATCH_WAITING_MILLISECONDS = 10;
/** START, END and REPORT, which Lambda writes for each invocation. */
export const LAMBDA_LOG_BYTES = 350;
/** Of Lambda's invocations, besides the first one of each second. */
export const TRACED_SHARE = 0.05;
/** A run's wait for one request, by service: assumed, since no stand-in has AWS's latency. */
export const WAITING_MILLISECONDS: Record<string, number> = { DynamoDB: 10, Lambda: 10, SNS: 100, SES: 100, Totogi: 200 };
/** One invocation of a packaged workflow: assumed, as it was measured once for `rollover`. */
export const WORKFLOW_PROCESSOR_MILLISECONDS = 34;
/** How long Lambda keeps a finished execution's history (serverless.yml), in months. */
const HISTORY_MONTHS = 14 / 30;

/** The cost of a million; `amounts` are for one. */
export function line(figure: string, unit: string, amounts: number[], { usd, per }: Price): Figure {
  return { figure, unit, measured: spreadOf(amounts.map((amount) => (amount * MILLION * usd) / per)) };
}

/** The cost of a million from the usage of `count`. Messages have their own lines. */
export function usageLines(what: string, unit: string, { usage, count }: { usage: Usage; count: number }, prices: Prices): Figure[] {
  const priced = (name: string, amount: number, price: Price) => line(`${what}: ${name}`, unit, [amount / count], price);
  const historyGigabytes = usage.durableBytes / GIGABYTE;
  const lines = [
    priced('durable operations', usage.durableOperations, prices.durableOperations),
    priced('histories, written', historyGigabytes, prices.durableGigabytesWritten),
    priced('histories, kept for 14 days', historyGigabytes * HISTORY_MONTHS, prices.durableGigabyteMonths),
    priced('Lambda requests', usage.invocations, prices.lambdaRequests),
    priced('Lambda GB-seconds', billedSeconds(usage) * MEMORY_GIGABYTES, prices.lambdaGigabyteSeconds),
    priced('DynamoDB writes', usage.writeUnits, prices.writeUnits),
    priced('DynamoDB reads', usage.readUnits, prices.readUnits),
    priced("the functions' logs", (usage.invocations * LAMBDA_LOG_BYTES) / GIGABYTE, prices.logGigabytes),
    priced('traces', usage.invocations * TRACED_SHARE, prices.traces),
  ];
  const total = lines.reduce((sum, { measured }) => sum + measured.median, 0);
  return [
    { figure: `${what}: all but the messages`, unit, measured: spreadOf([total]) },
    ...lines,
    priced('texts', usage.smsParts, prices.smsParts),
    ...(usage.mails > 0 ? [priced('mails', usage.mails, prices.mails)] : []),
  ];
}

/** Processor time at the function's share, and one request after the other. */
function billedSeconds({ invocations, calls }: Usage): number {
  const processing = (invocations * WORKFLOW_PROCESSOR_MILLISECONDS) / PROCESSOR_SHARE;
  const waiting = Object.entries(calls).map(([name, count]) => count * (WAITING_MILLISECONDS[name.split(' ')[0] ?? ''] ?? 0));
  return waiting.reduce((sum, milliseconds) => sum + milliseconds, processing) / 1_000;
}

/** The monthly cost of what a million notifications store. */
export function storageLines({ stored, events }: CountedMix, eventBytes: number, prices: Prices): Figure[] {
  const priced = (name: string, bytes: number, price: Price) =>
    line(`kept for a month: ${name}`, 'USD per million and month', [bytes / GIGABYTE], price);
  return [
    priced('events in the table', stored.events / events, prices.tableGigabyteMonths),
    priced('events in the index', stored.index / events, prices.tableGigabyteMonths),
    priced('runs, messages and workflows', stored.workflows / events, prices.tableGigabyteMonths),
    priced('point-in-time recovery of the table', (stored.events + stored.workflows) / events, prices.backupGigabyteMonths),
    priced('beside: archive of the bus', eventBytes, prices.archiveGigabyteMonths),
    priced('beside: catch-all log of the bus', eventBytes, prices.logGigabyteMonths),
  ];
}
