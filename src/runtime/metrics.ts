import { settings } from './settings.ts';

/** What is counted together: one value for the dimensions `type` and `outcome`, and the tenant beside them. */
export type MetricCount = { name: string; type: string; outcome: string; tenant: string; count: number };

/** Counts by lines in the log. */
export type Metrics = (counts: MetricCount[]) => void;

/**
 * The metrics of a function, in CloudWatch's embedded metric format, in the namespace that the environment names, which is the stage's.
 * Each is there twice: by type and outcome, and by outcome alone, which is what alarms add up: an alarm cannot sum over types that it
 * does not name. The tenant is a property: each dimension value is billed as a metric.
 */
export function createMetrics(service: string): Metrics {
  const { metricsNamespace: Namespace } = settings();
  const Dimensions = [
    ['service', 'type', 'outcome'],
    ['service', 'outcome'],
  ];
  const lineOf = ({ name, type, outcome, tenant, count }: MetricCount) => {
    const directive = { Namespace, Dimensions, Metrics: [{ Name: name, Unit: 'Count' }] };
    const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] }, service, type, outcome, tenant, [name]: count };
    return `${JSON.stringify(line)}\n`;
  };
  return (counts) => {
    // Not `console`: Lambda puts words of its own before what that writes, and then it is no metric. All at once: each write waits.
    if (counts.length > 0) process.stdout.write(counts.map(lineOf).join(''));
  };
}
