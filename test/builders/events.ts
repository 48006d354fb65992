/** Makers of events as Totogi sends them. Every value is fictional; phone numbers are from the range reserved for fiction. */

export type Information = { name?: unknown; state?: unknown; prevstate?: unknown; threshold?: unknown; notificationfields?: unknown };

export type EventParts = {
  tenant?: unknown;
  account?: unknown;
  device?: unknown;
  session?: unknown;
  invokedAt?: unknown;
  information?: Information;
  /** Added to the detail as they are. */
  detail?: Record<string, unknown>;
  eventdata?: Record<string, unknown>;
  envelope?: Record<string, unknown>;
};

const OCCURRED_AT = '2026-05-01T08:00:00.000Z';

/** An envelope around a detail. */
export function envelope(detail: unknown, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'Notification',
    source: 'totogi.charging',
    account: '266643203619',
    time: '2026-05-01T08:00:01Z',
    region: 'us-east-1',
    resources: [],
    detail,
    ...parts,
  };
}

/** An event in the documented shape; a part given as undefined is left out. */
export function totogiEvent(parts: EventParts = {}): Record<string, unknown> {
  const { tenant = 'mvno-example', account = 'acc-1', device, session = 'sess-1', invokedAt = OCCURRED_AT } = parts;
  const given = { name: 'PlanExpired', state: 'expired', ...parts.information };
  const detail = {
    providerid: 'tenant' in parts ? parts.tenant : tenant,
    invocationtimestamp: 'invokedAt' in parts ? parts.invokedAt : invokedAt,
    day: '1',
    month: '5',
    year: '2026',
    eventdata: {
      accountid: 'account' in parts ? parts.account : account,
      deviceid: device,
      charginginformation: { chargingsessionidentifier: session },
      notificationinformation: given,
      ...parts.eventdata,
    },
    ...parts.detail,
  };
  return envelope(detail, parts.envelope);
}

/** The body of a queue message that holds an event. */
export function bodyOf(event: unknown): string {
  return JSON.stringify(event);
}
