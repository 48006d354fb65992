import { logFault } from '../../platform/log-fault.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { UNKNOWN_TENANT } from '../../platform/reserved-tenants.ts';
import { readSettings } from '../../platform/settings.ts';

/** `transient` passes by itself; a `fault` is a defect in code or content. */
export type RetryKind = 'transient' | 'fault';

/** A fault counts at once, because its step has three attempts only. Conflicts and rate limits end within a few attempts. */
const COUNTED_FROM_ATTEMPT = { transient: 5, fault: 1 };

/**
 * Counts a failed attempt of a step that is tried again, once the step has failed often enough to matter, and logs the kinds of error.
 *
 * @param attempt the number of the attempt that failed, from 1.
 */
export function countRetry(kind: RetryKind, error: Error, attempt: number): void {
  if (attempt < COUNTED_FROM_ATTEMPT[kind]) return;
  const { functionName = 'local', functionPrefix } = readSettings(['functionName', 'functionPrefix']);
  const workflow = functionName.replace(`${functionPrefix}-`, '');
  createMetrics('workflow-steps')([{ name: 'retries', type: workflow, outcome: kind, tenant: UNKNOWN_TENANT, count: 1 }]);
  const cause = error.cause instanceof Error ? { cause: error.cause.name } : {};
  logFault('A step failed and is tried again.', { kind, error: error.name, ...cause, attempt: String(attempt) });
}
