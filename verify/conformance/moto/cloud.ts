import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { endWithUs } from '../../shared/leave-nothing.ts';

const Stack = z.object({
  status: z.string(),
  outputs: z.record(z.string(), z.string()),
  resources: z.array(z.object({ id: z.string(), type: z.string() })),
});

const QueueMessage = z.object({ MessageId: z.string(), Body: z.string(), Attributes: z.record(z.string(), z.string()) });
export type QueueMessage = z.infer<typeof QueueMessage>;

/** The state of moto's server after the deployment and the events. */
const Cloud = z.object({
  bus: Stack,
  service: Stack,
  mappings: z.array(
    z.object({
      BatchSize: z.int(),
      EventSourceArn: z.string(),
      FunctionArn: z.string(),
      FunctionResponseTypes: z.array(z.string()).default([]),
      ScalingConfig: z.object({ MaximumConcurrency: z.int() }).optional(),
    }),
  ),
  rules: z.array(z.object({ name: z.string(), pattern: z.unknown(), targets: z.array(z.object({ Arn: z.string() })) })),
  archives: z.array(z.object({ ArchiveName: z.string(), EventSourceArn: z.string(), RetentionDays: z.int() })),
  functions: z.array(
    z.object({
      FunctionName: z.string(),
      Runtime: z.string(),
      Handler: z.string(),
      CodeSize: z.int(),
      Role: z.string(),
      Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
    }),
  ),
  table: z.object({
    TableStatus: z.string(),
    KeySchema: z.array(z.object({ AttributeName: z.string() })),
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), IndexStatus: z.string() })),
  }),
  logGroups: z.array(z.object({ logGroupName: z.string(), retentionInDays: z.int().optional() })),
  rejectedEntries: z.int(),
  queues: z.record(z.string(), z.object({ attributes: z.record(z.string(), z.string()) })),
  messages: z.record(z.string(), z.array(QueueMessage)),
  logged: z.array(z.string()),
});
export type Cloud = z.infer<typeof Cloud>;

export type CloudPlan = {
  endpoint: string;
  busName: string;
  logGroup: string;
  tableName: string;
  busTemplate: string;
  busParameters: Record<string, string>;
  firstTemplate: string;
  serviceTemplate: string;
  serviceParameters: Record<string, string>;
  /** Files by their key in the bucket. */
  zips: Record<string, string>;
  events: { Source: string; DetailType: string; Time: string; Detail: string }[];
};

/** Executes a plan on moto's server with the AWS SDK for Python in moto's environment. */
export async function useCloud(programs: string, plan: CloudPlan): Promise<Cloud> {
  const script = fileURLToPath(new URL('cloud.py', import.meta.url));
  const child = spawn(join(programs, 'python'), [script], { stdio: 'pipe' });
  endWithUs(child);
  child.stdin.end(JSON.stringify(plan));
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`moto's server did not do as it was asked: ${errors.slice(-2_000)}`);
  return Cloud.parse(JSON.parse(output));
}
