import { EventBridgeClient, EventBridgeServiceException, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import type { Failure } from './ledger.ts';

export type PutOutcome = { eventId: string } | { failure: Failure };

/** Takes up to 10 entries and returns their outcomes in order. Throws UnreachableEndpoint. */
export type PutEntries = (entries: TrafficEntry[]) => Promise<PutOutcome[]>;

/** No EventBridge answered. */
export class UnreachableEndpoint extends Error {
  override readonly name = 'UnreachableEndpoint';
}

type Target = { endpoint: string | undefined; bus: string };

/** Uses made-up credentials at an endpoint, and those of the environment on AWS itself. */
export function createPutEntries({ endpoint, bus }: Target): { put: PutEntries; close: () => void } {
  const client = new EventBridgeClient({
    ...(endpoint === undefined
      ? {}
      : { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'emulate', secretAccessKey: 'emulate' } }),
    // Only delivery.ts retries, entry by entry.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
  });

  const put: PutEntries = async (entries) => {
    try {
      const reply = await client.send(new PutEventsCommand({ Entries: entries.map((entry) => requestEntry(entry, bus)) }));
      return entries.map((_, index) => outcomeOf(reply.Entries?.[index] ?? {}));
    } catch (error) {
      if (!(error instanceof EventBridgeServiceException)) throw new UnreachableEndpoint(reasonOf(error), { cause: error });
      const failure = { code: error.name, message: error.message };
      return entries.map(() => ({ failure }));
    }
  };
  return { put, close: () => client.destroy() };
}

function requestEntry({ time, source, detailType, detail }: TrafficEntry, bus: string) {
  return { Time: time, Source: source, DetailType: detailType, Detail: detail, EventBusName: bus };
}

function outcomeOf({ EventId, ErrorCode, ErrorMessage }: PutEventsResultEntry): PutOutcome {
  if (EventId !== undefined && ErrorCode === undefined) return { eventId: EventId };
  return { failure: { code: ErrorCode ?? 'NoResult', message: ErrorMessage ?? 'the reply has no result for the entry' } };
}

/** One line: a refused connection to a name with several addresses has no message, and an HTML page instead of JSON has a long one. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [firstLine = ''] = error.message.split('\n');
  if (firstLine !== '') return firstLine;
  return 'code' in error ? String(error.code) : error.name;
}
