import { hostileValues } from './hostile-values.ts';

export type HostileIdentity = { tenant: string; account: string; session: string; time: string };

/** The body of a queue message that is made to harm its reader. */
export type HostileShape = { name: string; body: string };

export type HostileCorpus = {
  /** Approximate size of each body. */
  bytes: number;
  seed: number;
  identity?: Partial<HostileIdentity>;
};

const IDENTITY: HostileIdentity = { tenant: 'mvno-example', account: 'acc-1', session: 'sess-1', time: '2026-05-01T08:00:00.000Z' };

/** Placeholder for the value in an otherwise valid event. */
const HERE = '@@';

/** The part of a body that the envelope and the sender's own keys take. */
const FRAME_BYTES = 1_200;

/** Every hostile value at every field of both shapes and of the envelope. The same corpus is byte-identical. */
export function* hostileShapes({ bytes, seed, identity = {} }: HostileCorpus): Generator<HostileShape, void> {
  const values = hostileValues(Math.max(1, bytes - FRAME_BYTES), seed);
  for (const injectionPoint of injectionPointsOf({ ...IDENTITY, ...identity })) {
    for (const value of values)
      yield { name: `${value.name} at ${injectionPoint.name}`, body: injectionPoint.event.replace(`"${HERE}"`, () => value.json) };
    for (const { name, json } of values.filter(({ json: text }) => text.startsWith('{') && text !== '{}')) {
      if (injectionPoint.members)
        yield {
          name: `${name} among those of ${injectionPoint.name}`,
          body: injectionPoint.members.replace(`"${HERE}":1`, () => json.slice(1, -1)),
        };
    }
  }
}

/** `members`: the event with a placeholder for more members of that object. */
type InjectionPoint = { name: string; event: string; members?: string };

function injectionPointsOf(identity: HostileIdentity): InjectionPoint[] {
  const shapes: [string, Record<string, unknown>][] = [
    ['documented', documentedDetail(identity)],
    ['flat', flatDetail(identity)],
  ];
  const details = shapes.flatMap(([shape, detail]) =>
    pathsOf({ ...detail, unknown: '' }).map((path) =>
      injectionPoint(`${shape} ${path.join('.')}`, envelope(detail, identity), ['detail', ...path]),
    ),
  );
  const event = envelope(documentedDetail(identity), identity);
  const outer = ['id', 'time', 'detail', 'source', 'unknown'].map((key) => injectionPoint(`envelope ${key}`, event, [key]));
  return [...details, ...outer, { name: 'the whole body', event: `"${HERE}"` }];
}

function injectionPoint(name: string, event: Record<string, unknown>, path: string[]): InjectionPoint {
  const inner = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), event);
  const members = isObject(inner) ? JSON.stringify(withValueAt(event, path, { ...inner, [HERE]: 1 })) : undefined;
  return { name, event: JSON.stringify(withValueAt(event, path, HERE)), ...(members && { members }) };
}

/** A copy of an object with another value at a path of keys. */
export function withValueAt(value: Record<string, unknown>, [key = '', ...rest]: string[], to: unknown): Record<string, unknown> {
  const inner = value[key];
  return { ...value, [key]: rest.length > 0 && isObject(inner) ? withValueAt(inner, rest, to) : to };
}

/** Includes nested members. */
function pathsOf(value: Record<string, unknown>): string[][] {
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...(isObject(inner) ? pathsOf(inner).map((path) => [key, ...path]) : [])]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function envelope(detail: Record<string, unknown>, { time }: HostileIdentity): Record<string, unknown> {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'Notification',
    source: 'totogi.charging',
    account: '266643203619',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
  };
}

function documentedDetail({ tenant, account, session, time }: HostileIdentity): Record<string, unknown> {
  return {
    providerid: tenant,
    invocationtimestamp: time,
    day: '1',
    month: '5',
    year: '2026',
    eventdata: {
      accountid: account,
      deviceid: '12025550100',
      charginginformation: { chargingsessionidentifier: session },
      notificationinformation: {
        name: 'PlanRollover',
        state: 'rolloverOccured',
        prevstate: 'active',
        threshold: '5',
        notificationfields: { rolloveramount: '5', rollovergraceperiod: '30d', planid: 'p-1' },
        unknown: '',
      },
      unknown: '',
    },
  };
}

function flatDetail({ tenant, account, session, time }: HostileIdentity): Record<string, unknown> {
  return {
    provider: tenant,
    account,
    device: '12025550100',
    counter: 'AllowanceThresholdData',
    state: 'low',
    prevState: 'normal',
    threshold: 600,
    session,
    sk: Date.parse(time) * 1e6,
    day: '1',
    month: '5',
    year: '2026',
    custom: '{}',
    pk: 'EVT#mvno-example#12025550100',
    ttl: Math.floor(Date.parse(time) / 1_000) + 86_400,
  };
}
