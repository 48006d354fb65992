import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ensureTable } from '../../local/database/table.ts';
import { packageStack } from '../../local/template/package-stack.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { startDynamoDBLocal } from '../conformance/parts/dynamodb-local.ts';
import { installPythonPackage } from '../conformance/parts/install.ts';
import { unpackFunction } from '../conformance/parts/packaged-function.ts';
import { runToSuccess } from '../conformance/parts/run-program.ts';
import { versions } from '../conformance/parts/versions.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import type { SubjectResult, SubjectTask } from './consume/subject.ts';
import { createMeteredTable } from './lookups/metered-table.ts';
import { BENCH_TENANT, functionEnvironment, publishBenchTenant, TABLE_NAME } from './parts/bench-tenant.ts';
import { inChild, onlyBenchAws } from './parts/child.ts';
import { notificationBodies } from './parts/notifications.ts';
import { benchDirectory } from './report.ts';
import { ratioOf, spreadOf } from './spread.ts';

const EVENTS = 1_000;
const PeerResult = z.object({ eventsPerSecond: z.number(), writesPerEvent: z.number() });

export const peer: Benchmark = {
  name: 'peer',
  about: "Events per second and writes per event beside Totogi's demo consumer (--peer PATH), on the same DynamoDB Local",
  needs: ['python', 'java', 'maven', 'x64'],
  lacks: ({ peer: checkout }) => (checkout === undefined ? 'no checkout was given: --peer PATH' : undefined),
  async run({ peer: checkout = '', rounds, seed, log }) {
    await stat(join(checkout, 'src', 'process_notifications.py'));
    await packageStack({ log: log });
    const python = join(await installPythonPackage('boto3', log), 'python');
    const server = await startDynamoDBLocal(log);
    try {
      const ours = await openOurs(server.url, seed);
      const eventsFile = await writeEvents(seed);
      const theirs = async () => {
        const environment = {
          ...onlyBenchAws,
          AWS_ENDPOINT_URL_DYNAMODB: server.url,
          AWS_DEFAULT_REGION: 'us-east-1',
          DYNAMODB_TABLE: 'peer',
        };
        const program = new URL('peer/run_handler.py', import.meta.url).pathname;
        return PeerResult.parse(
          JSON.parse(await runToSuccess({ command: python, arguments: [program, checkout, eventsFile], environment })),
        );
      };
      const [measured, beside]: [Result[], Result[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        beside.push(await theirs());
        measured.push(await ours());
        log(
          `round ${round + 1}: ${measured.at(-1)?.eventsPerSecond.toFixed(0)} events/s, peer ${beside.at(-1)?.eventsPerSecond.toFixed(0)}`,
        );
      }
      return { figures: figuresOf(measured, beside), notes: METHOD };
    } finally {
      await server.stop();
    }
  },
};

const METHOD = [
  `Both write to one DynamoDB Local ${versions.DynamoDBLocal} in memory, by turns, ${EVENTS} events measured after as many to warm up; the peer with boto3 ${versions.boto3}. Writes are PutItem calls of both, counted where they are made.`,
  'They do not do the same: the peer is called with one event at a time, as its EventBridge rule calls it, and writes only what it takes for a threshold that ran low, under the time of writing; the service takes batches of 10 and records every event once, with its index.',
];

type Result = z.infer<typeof PeerResult>;

function figuresOf(measured: Result[], beside: Result[]): Figure[] {
  const figure = (name: string, unit: string, value: (result: Result) => number): Figure => ({
    figure: name,
    unit,
    measured: spreadOf(measured.map(value)),
    beside: { what: 'peer', spread: spreadOf(beside.map(value)) },
    ratio: ratioOf(measured.map(value), beside.map(value)),
  });
  return [
    figure('events per second', 'events/s', ({ eventsPerSecond }) => eventsPerSecond),
    figure('writes per event', 'writes', ({ writesPerEvent }) => writesPerEvent),
    figure('writes per second', 'writes/s', ({ eventsPerSecond, writesPerEvent }) => eventsPerSecond * writesPerEvent),
  ];
}

/** The packaged consumer with its own table; each round ingests other events. */
async function openOurs(url: string, seed: number): Promise<() => Promise<Result>> {
  const { table: definition } = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
  const { table } = createMeteredTable(url, TABLE_NAME);
  await ensureTable(table.client, { ...definition, TableName: TABLE_NAME });
  await publishBenchTenant(url);
  const { folder, handler } = await unpackFunction('consume-notifications');
  const bundle = join(folder, handler.replace(/handler$/, 'js'));
  let round = 0;
  return async () => {
    round += 1;
    const task: SubjectTask = {
      bundle,
      tenant: BENCH_TENANT,
      seed: seed * 1_000 + round,
      batchSize: 10,
      warmUpEvents: EVENTS,
      events: EVENTS,
      countsWrites: true,
    };
    const program = new URL('consume/subject.ts', import.meta.url);
    return inChild<SubjectResult>(program, task, functionEnvironment(url));
  };
}

async function writeEvents(seed: number): Promise<string> {
  const crowd = notificationBodies({ tenant: BENCH_TENANT, seed, accounts: 500, startsAt: Date.now() - 3_600_000, millisecondsApart: 1 });
  await mkdir(benchDirectory, { recursive: true });
  const file = join(benchDirectory, 'peer-events.ndjson');
  await writeFile(file, Array.from({ length: 2 * EVENTS }, () => `${crowd.next().value}\n`).join(''));
  return file;
}
