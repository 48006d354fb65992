import { acceptEntry, type EntryError, type PutEventsEntry, parsePutEvents, RequestRejected } from './entries.ts';
import { envelopeOf, envelopeText } from './envelope.ts';

export type Rule = { name: string; matches: (event: Record<string, unknown>) => boolean; deliver: (body: string) => void };

export type PutEventsOptions = {
  busName: string;
  busArn: string;
  region: string;
  /** The account of events from callers whose access key id is not an account number. */
  defaultAccount: string;
  rules: Rule[];
  /** Milliseconds since the epoch; the default time of an entry. */
  now: () => number;
  newEventId: () => string;
  /** Called for every accepted event, before any rule. */
  taken?: (event: Record<string, unknown>) => void;
};

export type PutEventsReply =
  | { status: 200; body: { FailedEntryCount: number; Entries: ({ EventId: string } | EntryError)[] } }
  | { status: 400; body: { __type: string; message: string } };

/**
 * Emulates PutEvents for one bus, from the parsed request body to the AWS JSON 1.1 reply. Each accepted event goes, as JSON text, to every
 * matching rule. An event that no rule matches is accepted and dropped, as on AWS
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
 *
 * One deliberate difference: AWS reports success for an unknown bus and drops the event. Here the entry is rejected, so that a wrong name
 * shows at once. The default bus, used without EventBusName, is unknown here. Errors of a rule's `deliver` pass through.
 */
export function createPutEvents(options: PutEventsOptions): (body: unknown, caller: { accessKeyId: string | undefined }) => PutEventsReply {
  return (body, caller) => {
    let entries: PutEventsEntry[];
    try {
      entries = parsePutEvents(body);
    } catch (error) {
      if (error instanceof RequestRejected) return { status: 400, body: { __type: error.code, message: error.message } };
      throw error;
    }
    const account = accountOf(caller.accessKeyId) ?? options.defaultAccount;
    const results = entries.map((entry) => put(entry, account, options));
    return { status: 200, body: { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results } };
  };
}

function put(candidate: PutEventsEntry, account: string, options: PutEventsOptions): { EventId: string } | EntryError {
  const entry = acceptEntry(candidate);
  if ('ErrorCode' in entry) return entry;
  const { busName = 'default' } = entry;
  if (busName !== options.busName && busName !== options.busArn) return unknownBus(busName, options.busName);

  const id = options.newEventId();
  const envelope = envelopeOf(entry, { id, account, region: options.region, receivedAt: options.now() });
  const event = { ...envelope, detail: entry.detail };
  options.taken?.(event);
  const matching = options.rules.filter((rule) => rule.matches(event));
  for (const rule of matching) rule.deliver(envelopeText(envelope, entry.detailText));
  return { EventId: id };
}

function unknownBus(named: string, known: string): EntryError {
  return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${named} does not exist. The one event bus here is ${known}.` };
}

function accountOf(accessKeyId: string | undefined): string | undefined {
  return accessKeyId !== undefined && /^\d{12}$/.test(accessKeyId) ? accessKeyId : undefined;
}
