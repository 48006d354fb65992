import type { PutEventsEntry } from '../../local/event-bus/entries.ts';
import { startService } from '../../local/service.ts';
import type { ServiceEnvironment, ServiceParts } from '../../local/service-parts.ts';
import type { Table } from '../../src/platform/table.ts';
import type { AwsProxy } from './aws-proxy.ts';
import { openTemporaryFolder } from './leave-nothing.ts';
import { createSchedule, type Schedule } from './schedule.ts';

/** The service as `npm start` composes it, with a proxy between its functions and AWS. */
export type ObservedService = {
  parts: ServiceParts;
  /** The address of the pages that messages link to. */
  apiUrl: string;
  table: Table;
  /** The tenants of `config/`. */
  tenants: string[];
  schedule: Schedule;
  /** Puts up to ten events onto the bus. */
  put(entries: Omit<PutEventsEntry, 'EventBusName'>[]): void;
  close(): Promise<void>;
};

export type Observer = {
  proxy: Pick<AwsProxy, 'url' | 'serve' | 'close'> & { carriersUrl?: string };
  around: ServiceEnvironment['around'];
  /** Replaces stand-ins. */
  aws?: (parts: ServiceParts) => ServiceParts['aws'];
  /** The state stays on disk. */
  keep?: boolean;
  log: (line: string) => void;
};

/** Starts the service in its own folder, which is removed when the process exits at the latest, unless it is kept. */
export async function startObserved({ proxy, around, aws, keep = false, log }: Observer): Promise<ObservedService> {
  const folder = await openTemporaryFolder();
  if (keep) {
    folder.keep();
    log(`The state of the service stays in ${folder.path}.`);
  }
  const { url, carriersUrl = url } = proxy;
  const environment = { awsUrl: url, carriersUrl, totogiUrl: url, around };
  const service = await startService({ stateDirectory: folder.path, port: 0, awsPort: 0, log, environment });
  const { parts, apiUrl } = service;
  proxy.serve({ aws: aws?.(parts) ?? parts.aws, totogiPort: Number(new URL(apiUrl).port), now: parts.clock.now });
  return {
    parts,
    apiUrl,
    table: { client: parts.client, name: parts.stack.table.TableName },
    tenants: service.tenants.map(({ tenant }) => tenant),
    schedule: createSchedule(parts),
    put: (entries) => put(parts, entries),
    async close() {
      await service.close();
      await proxy.close();
      if (!keep) folder.remove();
    },
  };
}

function put({ aws }: ServiceParts, entries: Omit<PutEventsEntry, 'EventBusName'>[]): void {
  const Entries = entries.map((entry) => ({ ...entry, EventBusName: 'totogi-notifications' }));
  const { body } = aws.putEvents({ Entries }, { accessKeyId: undefined });
  if (!('FailedEntryCount' in body) || body.FailedEntryCount !== 0) throw new Error(`The bus refused events: ${JSON.stringify(body)}`);
}
