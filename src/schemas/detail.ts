import { type Fault, kindOf } from './fault.ts';

/** The parts of a notification, by our names, still unchecked; `paths` says where each was found or was to be found. */
export type DetailContent = {
  tenant?: unknown;
  account?: unknown;
  device?: unknown;
  name?: unknown;
  state?: unknown;
  previousState?: unknown;
  threshold?: unknown;
  session?: unknown;
  invokedAt?: unknown;
  notificationFields?: unknown;
  day?: unknown;
  month?: unknown;
  year?: unknown;
};
type Part = keyof DetailContent;
type Members = Record<string, Part | Level>;
interface Level {
  members: Members;
}

/** A key that nobody documented, as sent, and where it stood. */
export type UnknownKey = { path: string; key: string; value: unknown };

/** Everything a detail holds: its known parts, its unknown keys as sent, and where each part was read. */
export type ReadDetail = {
  content: DetailContent;
  unknown: UnknownKey[];
  paths: Record<Part, string>;
  faults: Fault[];
};

/** The documented shape, as Totogi's demo app reads it in production (github.com/totogi/totogi-notifications). */
const DOCUMENTED: Members = {
  providerid: 'tenant',
  invocationtimestamp: 'invokedAt',
  day: 'day',
  month: 'month',
  year: 'year',
  eventdata: {
    members: {
      accountid: 'account',
      deviceid: 'device',
      charginginformation: { members: { chargingsessionidentifier: 'session' } },
      notificationinformation: {
        members: {
          name: 'name',
          state: 'state',
          prevstate: 'previousState',
          threshold: 'threshold',
          notificationfields: 'notificationFields',
        },
      },
    },
  },
};

/** The flat shape of 2022, still documented in the demo app's README. `sk` is the time in nanoseconds. */
const FLAT_2022: Members = {
  provider: 'tenant',
  account: 'account',
  device: 'device',
  counter: 'name',
  state: 'state',
  prevstate: 'previousState',
  threshold: 'threshold',
  session: 'session',
  sk: 'invokedAt',
  day: 'day',
  month: 'month',
  year: 'year',
};

const REQUIRED_LEVELS = new Set(['eventdata', 'notificationinformation']);
const DOCUMENTED_PATHS = pathsOf(DOCUMENTED, 'detail');
const FLAT_PATHS = { ...DOCUMENTED_PATHS, ...pathsOf(FLAT_2022, 'detail') };

/** Sorts a detail's values by their meaning, matching keys in any letter case, and keeps every unknown key as sent. */
export function readDetail(detail: Record<string, unknown>): ReadDetail {
  const flat = isFlat(detail);
  const read: ReadDetail = { content: {}, unknown: [], paths: flat ? FLAT_PATHS : DOCUMENTED_PATHS, faults: [] };
  readLevel(detail, flat ? FLAT_2022 : DOCUMENTED, 'detail', read);
  return read;
}

function isFlat(detail: Record<string, unknown>): boolean {
  const keys = new Set(Object.keys(detail).map((key) => key.toLowerCase()));
  return !keys.has('eventdata') && !keys.has('providerid') && (keys.has('provider') || keys.has('counter'));
}

function readLevel(level: Record<string, unknown>, members: Members, path: string, read: ReadDetail): void {
  const seen = new Map<string, unknown>();
  for (const [key, value] of Object.entries(level)) {
    const folded = key.toLowerCase();
    const member = Object.hasOwn(members, folded) ? members[folded] : undefined;
    if (member === undefined) read.unknown.push({ path: `${path}.${key}`, key, value });
    else if (seen.has(folded)) sayTwice(seen.get(folded), value, `${path}.${folded}`, read);
    else if (typeof member === 'string') read.content[member] = value;
    else readMember(value, member, `${path}.${folded}`, folded, read);
    seen.set(folded, value);
  }
  for (const name of Object.keys(members)) {
    if (REQUIRED_LEVELS.has(name) && !seen.has(name)) read.faults.push(levelFault(`${path}.${name}`, undefined));
  }
}

function readMember(value: unknown, member: Level, path: string, name: string, read: ReadDetail): void {
  if (isObject(value)) readLevel(value, member.members, path, read);
  else if (value !== null || REQUIRED_LEVELS.has(name)) read.faults.push(levelFault(path, value));
}

function levelFault(path: string, value: unknown): Fault {
  return { path, expected: 'an object', received: kindOf(value) };
}

/** One key in two letter cases is harmless while both say the same. */
function sayTwice(first: unknown, second: unknown, path: string, read: ReadDetail): void {
  if (JSON.stringify(first) === JSON.stringify(second)) return;
  read.faults.push({ path, expected: 'one value', received: 'two different values under spellings of one key' });
}

/** Tells a JSON object from lists, null and plain values. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathsOf(members: Members, path: string): Record<Part, string> {
  const entries = Object.entries(members).flatMap(([name, member]): [string, string][] =>
    typeof member === 'string' ? [[member, `${path}.${name}`]] : Object.entries(pathsOf(member.members, `${path}.${name}`)),
  );
  return Object.fromEntries(entries) as Record<Part, string>;
}
