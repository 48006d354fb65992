import type { TakenIn } from './count-ingestion.ts';
import { type CountedMix, MIX } from './count-mix.ts';
import { COUNTED_RUNS, COUNTED_WORKFLOW, WARM_UP_RUNS } from './count-runs.ts';
import {
  BATCH_SIZE,
  BATCH_WAITING_MILLISECONDS,
  LAMBDA_LOG_BYTES,
  TRACED_SHARE,
  WAITING_MILLISECONDS,
  WORKFLOW_PROCESSOR_MILLISECONDS,
} from './lines.ts';
import type { Prices } from './prices.ts';
import type { Usage } from './usage.ts';

export function notesOnIngestion({ events, invocations, calls, writeUnits, logBytes, eventBytes }: TakenIn): string[] {
  const each = (amount: number) => (amount / events).toFixed(3);
  const asked = Object.entries(calls).map(([operation, count]) => `${each(count)} ${operation}`);
  return [
    `Counted over ${events} events in ${invocations} batches of ${BATCH_SIZE}, per event: ${asked.join(', ')}, ${each(writeUnits)} write units, ${each(logBytes)} bytes logged, ${each(eventBytes)} bytes of event.`,
    `Billed time is the measured processor time at the share of a processor that 512 MB have (512 / 1,769), and ${BATCH_WAITING_MILLISECONDS} ms of waiting for DynamoDB for each batch, which is assumed. Lambda's own lines are taken as ${LAMBDA_LOG_BYTES} bytes for each invocation.`,
    'Prices stand in verify/bench/cost/prices.yml with source and date: us-east-1, no free tier. A sender in another account pays for the event on the bus. Metrics are billed by the month, each 0.30 USD, not by the event. Batches that are not full cost more.',
  ];
}

export function notesOnWorkflows({ run, mix }: { run: Usage; mix: CountedMix }): string[] {
  const waits = Object.entries(WAITING_MILLISECONDS).map(([service, milliseconds]) => `${milliseconds} ms for ${service}`);
  return [
    `Workflows ran on the local service. A run of ${COUNTED_WORKFLOW}, of ${COUNTED_RUNS} after ${WARM_UP_RUNS} to warm up: ${wordsFor(run, COUNTED_RUNS)}.`,
    `The mix is ${MIX.events} notifications of the emulator, of ${MIX.accounts} accounts over ${MIX.days} days of the service's clock, to the tenant that config/ configures; every account has a number and an address and agreed to marketing. So far apart, they find no token of Totogi in memory. For each notification: ${wordsFor(mix.workflows, mix.events)}.`,
    `A run waits for one answer after the other: ${waits.join(', ')}, and an invocation takes ${WORKFLOW_PROCESSOR_MILLISECONDS} ms of a whole processor and logs nothing but Lambda's own lines: all that is assumed. Durable operations are starts, steps that ended, waits and callbacks; histories are taken as large as what was sent to be written. Lambda traces the first invocation of a second and ${TRACED_SHARE * 100} % of the others; the share is counted.`,
    'Not in it: receipts and replies, the API and its gateway, Secrets Manager, what starting runs adds to the consumer, starts of cold sandboxes, and data transfer.',
  ];
}

function wordsFor(usage: Usage, count: number): string {
  const each = (amount: number) => (amount / count).toFixed(2);
  const requests = Object.entries(usage.calls).map(([name, calls]) => `${each(calls)} ${name}`);
  const words = [
    `${each(usage.starts)} runs in ${each(usage.invocations)} invocations`,
    `${each(usage.durableOperations)} durable operations`,
    `${each(usage.durableBytes)} bytes of history`,
    `${each(usage.writeUnits)} write and ${each(usage.readUnits)} read units`,
    `${each(usage.smsParts)} parts of texts`,
    `${each(usage.mails)} mails`,
  ];
  return `${words.join(', ')}; requests: ${requests.join(', ')}`;
}

/** Prices that are not only from AWS's list. */
export function describePrices(prices: Prices): string {
  const assumed = Object.entries(prices).flatMap(([name, { assumed }]) => (assumed === undefined ? [] : [`${name} (${assumed})`]));
  return `Assumed prices: ${assumed.join('; ')}.`;
}
