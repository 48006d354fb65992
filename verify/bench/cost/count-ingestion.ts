import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createConfigurations } from '../../../src/configuration/configurations.ts';
import { createHandler } from '../../../src/handlers/consume-notifications.ts';
import { createDayDirectory } from '../../../src/ingest/day-directory.ts';
import { tableOver } from '../../../src/platform/table.ts';
import { lambdaContext } from '../../../test/builders/lambda.ts';
import { BENCH_TENANT, publishBenchTenant } from '../parts/bench-tenant.ts';
import { notificationBodies, queueBatch } from '../parts/notifications.ts';
import { startPutItemEndpoint } from '../parts/put-item-endpoint.ts';

const SHARDS = 8;
const BATCH_SIZE = 10;
const NOON = Date.UTC(2026, 4, 1, 12);

/** Usage from queue to record, for all events together. */
export type TakenIn = {
  events: number;
  invocations: number;
  calls: Record<string, number>;
  writeUnits: number;
  /** An upper limit: each read counts as a strongly consistent one of an item up to 4 KB. */
  readUnits: number;
  logBytes: number;
  eventBytes: number;
};

/**
 * Ingests events through the consumer's own handler, in batches of the deployed size, and counts its DynamoDB calls and log bytes. The
 * first batch, in which a process loads the configuration and records the day, does not count. The tenant's workflows are off, since starts
 * have their own line.
 */
export async function countIngestion(events: number, seed: number): Promise<TakenIn> {
  const endpoint = await startPutItemEndpoint();
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  try {
    await publishBenchTenant(endpoint.url);
    const table = tableOver(client, 'totogi-notifications-bench');
    const now = () => NOON;
    const startExecution = async () => undefined;
    const configurations = createConfigurations(table, now);
    const handler = createHandler({
      table,
      shards: SHARDS,
      recordDay: createDayDirectory(table, SHARDS),
      configurations,
      startExecution,
      now,
    });
    const crowd = notificationBodies({ tenant: BENCH_TENANT, seed, accounts: 500, startsAt: NOON - 3_600_000, millisecondsApart: 10 });
    const bodies = Array.from({ length: BATCH_SIZE + events }, () => crowd.next().value);
    const ingest = async (from: number, to: number) => {
      for (let start = from; start < to; start += BATCH_SIZE) {
        const { batchItemFailures } = await handler(
          queueBatch(bodies.slice(start, start + BATCH_SIZE), NOON),
          lambdaContext('consume-notifications'),
        );
        if (batchItemFailures.length > 0) throw new Error('An event that is counted failed.');
      }
    };
    await bytesLogged(() => ingest(0, BATCH_SIZE));
    endpoint.forget();
    const logBytes = await bytesLogged(() => ingest(BATCH_SIZE, bodies.length));
    const calls = Object.fromEntries(endpoint.calls);
    return {
      events,
      invocations: Math.ceil(events / BATCH_SIZE),
      calls,
      writeUnits: endpoint.writeUnits(),
      readUnits: calls.GetItem ?? 0,
      logBytes,
      eventBytes: bodies.slice(BATCH_SIZE).reduce((sum, body) => sum + Buffer.byteLength(body), 0),
    };
  } finally {
    client.destroy();
    await endpoint.close();
  }
}

async function bytesLogged(work: () => Promise<void>): Promise<number> {
  const { write } = process.stdout;
  let bytes = 0;
  process.stdout.write = (chunk: string | Uint8Array) => {
    bytes += Buffer.byteLength(chunk);
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return bytes;
}
