import { readSettings } from './settings.ts';

export const METRICS = ['notifications', 'receipts', 'replies', 'pauses', 'texts', 'retries'] as const;
export type MetricName = (typeof METRICS)[number];

/** What several functions count under one name; any other service is a function. */
export const SHARED_SERVICES = ['text-limits', 'workflow-steps'] as const;

/** `type` and `outcome` are dimensions; `tenant` is a property only. */
export type MetricCount = { name: MetricName; type: string; outcome: string; tenant: string; count: number };

export type Metrics = (counts: MetricCount[]) => void;

/**
 * Writes metrics in CloudWatch's embedded metric format, in the stage's namespace from the environment.
 *
 * Each metric exists by type and outcome, and by outcome alone for alarms, which cannot sum over unknown types. The tenant is no dimension,
 * because each dimension value is billed as a metric.
 */
export function createMetrics(service: string, now: () => number = () => Date.now()): Metrics {
  const { metricsNamespace: Namespace } = readSettings(['metricsNamespace']);
  const Dimensions = [
    ['service', 'type', 'outcome'],
    ['service', 'outcome'],
  ];
  const lineOf = ({ name, type, outcome, tenant, count }: MetricCount) => {
    const directive = { Namespace, Dimensions, Metrics: [{ Name: name, Unit: 'Count' }] };
    const line = { _aws: { Timestamp: now(), CloudWatchMetrics: [directive] }, service, type, outcome, tenant, [name]: count };
    return `${JSON.stringify(line)}\n`;
  };
  return (counts) => {
    // Not `console`, because Lambda's prefix breaks the format. One write for all counts, because each write blocks.
    if (counts.length > 0) process.stdout.write(counts.map(lineOf).join(''));
  };
}
