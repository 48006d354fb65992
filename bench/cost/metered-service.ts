import { setTimeout as pause } from 'node:timers/promises';
import { openTemporaryFolder, type TemporaryFolder } from '../../commands/leave-nothing.ts';
import { createSchedule } from '../../commands/prove/schedule.ts';
import type { Clock } from '../../local/clock.ts';
import type { LocalFunctions } from '../../local/functions/functions.ts';
import { type LocalService, startService } from '../../local/service.ts';
import type { ServiceParts } from '../../local/service-parts.ts';
import type { Table } from '../../src/store/table.ts';
import { type Meter, openMeter } from './meter.ts';

/** The service as `npm start` composes it, with a meter between its functions and AWS. */
export type MeteredService = {
  parts: ServiceParts;
  table: Table;
  /** The tenants of `config/`. */
  tenants: string[];
  meter: Meter;
  /** Takes an event as a queue message's text. */
  put(body: string): void;
  /** Runs until this time on the clock, or until every run has finished. */
  goOn(until?: number): Promise<void>;
  close(): Promise<void>;
};

/** Where functions run: in the service's thread or elsewhere, on the service's clock. The meter's `url` is their AWS endpoint. */
export type Host = (functions: LocalFunctions, around: { meter: Meter; clock: Clock }) => LocalFunctions;

const POLL_MILLISECONDS = 5;
const MAX_STEP_MILLISECONDS = 5 * 86_400_000;

export async function startMeteredService(log: (line: string) => void, host: Host = (functions) => functions): Promise<MeteredService> {
  const folder = await openTemporaryFolder();
  const meter = await openMeter();
  const { url } = meter;
  const around = (functions: LocalFunctions, clock: Clock) => meter.around(host(functions, { meter, clock }));
  const service = await startService({
    stateDirectory: folder.path,
    port: 0,
    awsPort: 0,
    log,
    environment: { awsUrl: url, carriersUrl: url, totogiUrl: url, around },
  });
  const { parts } = service;
  meter.serve({ aws: parts.aws, totogiPort: Number(new URL(service.apiUrl).port), now: parts.clock.now });
  return {
    parts,
    table: { client: parts.client, name: parts.stack.table.TableName },
    tenants: service.tenants.map(({ tenant }) => tenant),
    meter,
    put: (body) => put(parts, body),
    goOn: (until) => goOn(parts, meter, until),
    close: () => close(service, meter, folder),
  };
}

async function goOn(parts: ServiceParts, meter: Meter, until: number | undefined): Promise<void> {
  const schedule = createSchedule(parts);
  const { clock } = parts;
  for (;;) {
    do await pause(POLL_MILLISECONDS);
    while (meter.atWork() > 0 || schedule.isDue());
    const isOver = until === undefined ? schedule.running() === 0 && schedule.waitingMessages() === 0 : clock.now() >= until;
    if (isOver) return;
    const most = until === undefined ? MAX_STEP_MILLISECONDS : until - clock.now();
    if (schedule.jumpToNext(1, most)) continue;
    if (until === undefined) throw new Error('A run waits for what never comes.');
    clock.advance(most / 1_000);
  }
}

function put({ aws }: ServiceParts, body: string): void {
  const { source, 'detail-type': DetailType, time, detail } = JSON.parse(body);
  const entry = { EventBusName: 'totogi-notifications', Source: source, DetailType, Time: Date.parse(time) / 1_000 };
  const reply = aws.putEvents({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }, { accessKeyId: undefined });
  if (!('FailedEntryCount' in reply.body) || reply.body.FailedEntryCount !== 0)
    throw new Error(`The bus refused an event: ${JSON.stringify(reply.body)}`);
}

async function close(service: LocalService, meter: Meter, folder: TemporaryFolder): Promise<void> {
  await service.close();
  await meter.close();
  folder.remove();
}
