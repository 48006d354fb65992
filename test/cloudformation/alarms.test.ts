import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createMetrics, METRICS, SHARED_SERVICES } from '../../src/platform/metrics.ts';
import { loggedLines } from '../builders/lambda.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

const PREFIX = 'totogi-notifications-dev-';

const Dimension = z.object({ Name: z.string(), Value: z.unknown() });
const Metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.array(Dimension).default([]) });
const Alarm = z.looseObject({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()),
  OKActions: z.array(z.unknown()),
  TreatMissingData: z.enum(['notBreaching', 'ignore']),
  ...Metric.partial({ Namespace: true, MetricName: true }).shape,
  Metrics: z.array(z.looseObject({ Id: z.string(), MetricStat: z.looseObject({ Metric }).optional() })).default([]),
});

const template = serviceTemplate();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm', Alarm);
const names = alarms.map(([, { AlarmName }]) => AlarmName.slice(PREFIX.length));
const queues = resourcesOf(
  template,
  'AWS::SQS::Queue',
  z.looseObject({ QueueName: z.string(), RedrivePolicy: z.looseObject({}).optional() }),
);

const runs = resourcesOf(
  template,
  'AWS::Lambda::Function',
  z.looseObject({ FunctionName: z.string(), DurableConfig: z.looseObject({}).optional() }),
).flatMap(([, { FunctionName, DurableConfig }]) => (DurableConfig ? [FunctionName.slice(PREFIX.length)] : []));

/** Every metric that an alarm looks at. */
function metricsOf(alarm: z.infer<typeof Alarm>): z.infer<typeof Metric>[] {
  const alone = Metric.safeParse(alarm);
  return alone.success ? [alone.data] : alarm.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
}

/** The queue alarms of one kind, by the queue they look at. */
function watched(kind: 'age' | 'dead-letters', metric: string): Map<string, string> {
  const ofKind = alarms.filter(([, { AlarmName }]) => AlarmName.endsWith(`-${kind}`));
  return new Map(
    ofKind.map(([, alarm]) => {
      expect(metricsOf(alarm)).toEqual([expect.objectContaining({ Namespace: 'AWS/SQS', MetricName: metric })]);
      const { 'Fn::GetAtt': of } = z
        .object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('QueueName')]) })
        .parse(metricsOf(alarm)[0]?.Dimensions[0]?.Value);
      return [of[0], alarm.AlarmName];
    }),
  );
}

describe('alarms', () => {
  test('ring on the age of every queue that a function reads, under its name', () => {
    const read = queues.filter(([, { RedrivePolicy }]) => RedrivePolicy !== undefined);
    const wanted = read.map(([id, { QueueName }]) => [id, `${QueueName}-age`] as const);
    expect(watched('age', 'ApproximateAgeOfOldestMessage')).toEqual(new Map(wanted));
  });

  test('ring for every function that a queue feeds as long as its records fail, whether it lives to count them or not', () => {
    const read = queues.filter(([, { RedrivePolicy }]) => RedrivePolicy !== undefined);
    for (const [, { QueueName }] of read) {
      const name = QueueName.slice(PREFIX.length);
      const alarm = alarms.find(([, { AlarmName }]) => AlarmName === `${PREFIX}${name}-failed`)?.[1];
      const logicalId = `${name.replace(/^./, (first) => first.toUpperCase()).replaceAll('-', 'Dash')}LambdaFunction`;
      expect(alarm && metricsOf(alarm)).toEqual([
        expect.objectContaining({
          Dimensions: [
            { Name: 'service', Value: name },
            { Name: 'outcome', Value: 'failed' },
          ],
        }),
        { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: { Ref: logicalId } }] },
      ]);
    }
  });

  test('ring on whatever is in a dead-letter queue, under its name', () => {
    const dead = queues.filter(([, { RedrivePolicy }]) => RedrivePolicy === undefined);
    const wanted = dead.map(([id, { QueueName }]) => [id, QueueName] as const);
    expect(watched('dead-letters', 'ApproximateNumberOfMessagesVisible')).toEqual(new Map(wanted));
  });

  test('ring for every durable function whose runs fail or take too long', () => {
    const ofRuns = alarms.filter(([, { AlarmName }]) => AlarmName.endsWith('-runs-failed'));
    expect(ofRuns.map(([, { AlarmName }]) => AlarmName).sort()).toEqual(runs.map((name) => `${PREFIX}${name}-runs-failed`).sort());
    for (const [, alarm] of ofRuns) {
      const key = alarm.AlarmName.slice(PREFIX.length, -'-runs-failed'.length);
      const logicalId = `${key.replace(/^./, (first) => first.toUpperCase()).replaceAll('-', 'Dash')}LambdaFunction`;
      const Dimensions = [{ Name: 'FunctionName', Value: { Ref: logicalId } }];
      expect(metricsOf(alarm)).toEqual([
        { Namespace: 'AWS/Lambda', MetricName: 'DurableExecutionFailed', Dimensions },
        { Namespace: 'AWS/Lambda', MetricName: 'DurableExecutionTimedOut', Dimensions },
      ]);
    }
  });

  test('tell the topic, when they begin and when they are over', () => {
    for (const [, alarm] of alarms) {
      expect(alarm.AlarmName).toMatch(new RegExp(`^${PREFIX}`));
      expect(alarm.AlarmActions).toContainEqual({ Ref: 'AlarmsTopic' });
      expect(alarm.OKActions).toEqual([{ Ref: 'AlarmsTopic' }]);
    }
  });

  test('keep what is known of rates that nothing tells for a while', () => {
    const kept = alarms.filter(([, { TreatMissingData }]) => TreatMissingData === 'ignore').map(([id]) => id);
    expect(kept.sort()).toEqual(['EmailBounceRate', 'EmailComplaintRate', 'SmsSpend']);
  });

  test('ring about bounces and complaints only once the rule that stops marketing is there to hear it', () => {
    for (const id of ['EmailBounceRate', 'EmailComplaintRate'])
      expect(template.Resources[id]).toMatchObject({ DependsOn: ['MarketingPauseRule'] });
    expect(template.Resources.MarketingPauseRule).toMatchObject({ DependsOn: ['PauseMarketingQueuePolicy'] });
  });

  test('ring on an age that a message reaches before SQS leaves it out, or that only one without a try reaches', () => {
    // Each queue hides what was received for 180 seconds; a figure may be a minute late.
    const leftOutFrom = 2 * 180;
    const ages = Object.fromEntries(alarms.filter(([, { AlarmName }]) => AlarmName.endsWith('-age')));
    const { RecordEmailReceiptsAge, ...others } = ages;
    for (const { Threshold, EvaluationPeriods } of Object.values(others)) {
      expect(EvaluationPeriods).toBe(1);
      expect(Threshold).toBeLessThanOrEqual(leftOutFrom - 2 * 60);
    }
    expect(RecordEmailReceiptsAge?.Threshold).toBeGreaterThan(leftOutFrom);
  });

  test('look at metrics that the functions write', async () => {
    const own = alarms.flatMap(([, alarm]) => metricsOf(alarm)).filter(({ Namespace }) => !Namespace.startsWith('AWS/'));
    expect(own.length).toBeGreaterThan(0);
    for (const { Namespace, MetricName, Dimensions } of own) {
      expect(Namespace).toBe('totogi-notifications-dev');
      const service = Dimensions.find(({ Name }) => Name === 'service')?.Value;
      expect(SHARED_SERVICES.some((shared) => shared === service) || existsSync(`src/handlers/${service}.ts`), String(service)).toBe(true);
      const dimensions = z.record(z.string(), z.string()).parse(Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])));
      expect(await metricWritten({ counted: MetricName, dimensions })).toContainEqual(Object.keys(dimensions).sort());
    }
  });
});

describe('the runbook', () => {
  const text = readFileSync('docs/operate.md', 'utf8');
  const sections = [...text.matchAll(/^### `([^`]+)`$/gm)].map(([, name]) => String(name));
  const expanded = sections.flatMap((name) =>
    name.includes('<workflow>') ? runs.map((workflow) => name.replace('<workflow>', workflow)) : [name],
  );

  test('has a section for each alarm, and no section without one', () => {
    expect(expanded.sort()).toEqual([...names].sort());
  });
});

describe('the dashboard', () => {
  const Body = z.object({ DashboardBody: z.object({ 'Fn::Sub': z.string() }) });
  const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard', Body);
  const body = dashboard?.[1].DashboardBody['Fn::Sub'] ?? '';

  test('shows every alarm, and is whole', () => {
    const { widgets } = z
      .object({ widgets: z.array(z.looseObject({ type: z.string(), properties: z.looseObject({}) })) })
      .parse(JSON.parse(body));
    const shown = widgets.find(({ type }) => type === 'alarm')?.properties.alarms;
    expect(z.array(z.string()).parse(shown).sort()).toEqual(alarms.map(([id]) => `\${${id}.Arn}`).sort());
  });

  test('shows every queue', () => {
    for (const [id] of queues) expect(body).toContain(`\${${id}.QueueName}`);
  });
});

/** The sets of dimensions under which a function counts something with these values. */
async function metricWritten({ counted, dimensions }: { counted: string; dimensions: Record<string, string> }): Promise<string[][]> {
  const name = z.enum(METRICS).parse(counted);
  const { service = '', type = 'any', outcome = 'any' } = dimensions;
  const { lines } = await loggedLines(async () => createMetrics(service)([{ name, type, outcome, tenant: 'mvno-example', count: 1 }]));
  const written = z.looseObject({
    _aws: z.object({ CloudWatchMetrics: z.array(z.looseObject({ Dimensions: z.array(z.array(z.string())) })) }),
  });
  expect(lines).toEqual([expect.objectContaining({ ...dimensions, [name]: 1 })]);
  return written.parse(lines[0])._aws.CloudWatchMetrics.flatMap(({ Dimensions }) => Dimensions.map((set) => set.sort()));
}
