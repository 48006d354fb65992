import type { Happening } from './account-life.ts';

/** Spellings seen in practice: lower case as in production, `notificationInformation` as documented, and the flat shape of 2022. */
export type Spelling = 'lower-case' | 'documented' | 'flat-2022';

export type Circumstances = {
  tenant: string;
  account: string;
  session: string;
  /** When the charging request was submitted, in milliseconds since the epoch. */
  invokedAt: number;
  /** The number of the event within a run; makes the nanoseconds of flat details distinct. */
  content: number;
};

export type Notification = { source: string; detailType: string; detail: Record<string, unknown> };

const daySeconds = 86_400;

/** `source` and `detail-type` of the current shape are not published; nothing depends on these values. */
export function notificationOf(happening: Happening, circumstances: Circumstances, spelling: Spelling): Notification {
  if (spelling === 'flat-2022') {
    return { source: 'threshold-events-handler', detailType: 'CounterThreshold', detail: flatDetail(happening, circumstances) };
  }
  const key = spelling === 'documented' ? 'notificationInformation' : 'notificationinformation';
  return { source: 'totogi.charging', detailType: 'Notification', detail: nestedDetail(happening, circumstances, key) };
}

function nestedDetail(happening: Happening, { tenant, account, session, invokedAt }: Circumstances, key: string): Record<string, unknown> {
  return {
    providerid: tenant,
    invocationtimestamp: new Date(invokedAt).toISOString(),
    ...calendarDay(invokedAt),
    eventdata: {
      accountid: account,
      deviceid: happening.device,
      charginginformation: { chargingsessionidentifier: session },
      [key]: {
        name: happening.name,
        state: happening.state,
        prevstate: happening.previousState,
        threshold: happening.threshold,
        notificationfields: happening.fields,
      },
    },
  };
}

function flatDetail(happening: Happening, { tenant, account, session, invokedAt, content }: Circumstances): Record<string, unknown> {
  return {
    account,
    counter: happening.name,
    custom: '{}',
    ...calendarDay(invokedAt),
    device: happening.device,
    pk: `EVT#${tenant}#${happening.device}`,
    prevState: happening.previousState,
    provider: tenant,
    session,
    // Nanoseconds in steps of a microsecond: a JSON number cannot hold finer ones.
    sk: Number(BigInt(invokedAt) * 1_000_000n + BigInt(content % 1_000) * 1_000n),
    state: happening.state,
    threshold: happening.threshold,
    ttl: Math.floor(invokedAt / 1_000) + daySeconds,
  };
}

function calendarDay(time: number): { day: string; month: string; year: string } {
  const date = new Date(time);
  return { day: String(date.getUTCDate()), month: String(date.getUTCMonth() + 1), year: String(date.getUTCFullYear()) };
}
