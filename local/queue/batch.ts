import type { InvocationOutcome } from '../functions/invocation.ts';

/**
 * Which messages of a batch stay in the queue, by the rules of Lambda's SQS mapping.
 *
 * Without ReportBatchItemFailures the outcome applies to the whole batch. With it, an empty or null reply means that all succeeded, and an
 * invalid reply (no list, an identifier that is empty or not of this batch) means that all failed.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessages(batch: string[], outcome: InvocationOutcome, reportBatchItemFailures: boolean): string[] {
  if (!outcome.ok) return batch;
  if (!reportBatchItemFailures) return [];
  const reported = reportedFailures(outcome.payload);
  const known = new Set(batch);
  return reported?.every((identifier) => known.has(identifier)) ? [...new Set(reported)] : batch;
}

/** Undefined when the reply is malformed. */
function reportedFailures(reply: unknown): string[] | undefined {
  if (reply === null || reply === undefined) return [];
  if (typeof reply !== 'object' || Array.isArray(reply)) return undefined;
  const { batchItemFailures } = reply as { batchItemFailures?: unknown };
  if (batchItemFailures === null || batchItemFailures === undefined) return [];
  if (!Array.isArray(batchItemFailures)) return undefined;
  const identifiers = batchItemFailures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return identifiers.every((identifier) => typeof identifier === 'string') ? identifiers : undefined;
}
