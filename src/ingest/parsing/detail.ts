import { isObject } from '../../platform/json-object.ts';
import { type Fault, kindOf } from '../../schemas/event/fault.ts';
import { TenantId } from '../../schemas/event/notification.ts';
import type { Work } from './json-scan.ts';

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
type Members = ReadonlyMap<string, Part | Level>;
interface Level {
  members: Members;
}

export type UnknownKey = { path: string; key: string; value: unknown };

/** `paths` is where each part was found, or would have been. */
export type ParsedDetail = {
  content: DetailContent;
  unknown: UnknownKey[];
  paths: Record<Part, string>;
  faults: Fault[];
};

/** The documented shape, as Totogi's demo app reads it in production (github.com/totogi/totogi-notifications). */
const DOCUMENTED = membersOf({
  providerid: 'tenant',
  invocationtimestamp: 'invokedAt',
  day: 'day',
  month: 'month',
  year: 'year',
  eventdata: level({
    accountid: 'account',
    deviceid: 'device',
    charginginformation: level({ chargingsessionidentifier: 'session' }),
    notificationinformation: level({
      name: 'name',
      state: 'state',
      prevstate: 'previousState',
      threshold: 'threshold',
      notificationfields: 'notificationFields',
    }),
  }),
});

/** The flat shape of 2022, still documented in the demo app's README. `sk` is the time in nanoseconds. */
const FLAT_2022 = membersOf({
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
});

const REQUIRED_LEVELS = new Set(['eventdata', 'notificationinformation']);
const DOCUMENTED_PATHS = pathsOf(DOCUMENTED, 'detail');
const FLAT_PATHS = { ...DOCUMENTED_PATHS, ...pathsOf(FLAT_2022, 'detail') };

/** Matches keys in any letter case, and keeps every unknown key as sent. */
export function parseDetail(detail: Record<string, unknown>, work: Work): ParsedDetail {
  const flat = isFlat(detail);
  const read: ParsedDetail = { content: {}, unknown: [], paths: flat ? FLAT_PATHS : DOCUMENTED_PATHS, faults: [] };
  parseLevel(detail, flat ? FLAT_2022 : DOCUMENTED, 'detail', read);
  work.steps += read.unknown.length;
  return read;
}

/** The tenant of a detail that is not parsed further: undefined if its key is missing, repeated or unusable. */
export function tenantOf(detail: Record<string, unknown>): string | undefined {
  const name = isFlat(detail) ? 'provider' : 'providerid';
  const [key, other] = Object.keys(detail).filter((sent) => sent.toLowerCase() === name);
  return key !== undefined && other === undefined ? usableTenant(detail[key]) : undefined;
}

export function usableTenant(sent: unknown): string | undefined {
  const tenant = TenantId.safeParse(sent);
  return tenant.success ? tenant.data : undefined;
}

function isFlat(detail: Record<string, unknown>): boolean {
  if (Object.hasOwn(detail, 'eventdata') || Object.hasOwn(detail, 'providerid')) return false;
  const keys = new Set(Object.keys(detail).map((key) => key.toLowerCase()));
  return !keys.has('eventdata') && !keys.has('providerid') && (keys.has('provider') || keys.has('counter'));
}

function parseLevel(sent: Record<string, unknown>, members: Members, path: string, read: ParsedDetail): void {
  const keys = Object.keys(sent);
  // Nearly every level is spelled as documented: then no key needs folding, and none can be repeated.
  const seen = keys.every((key) => members.has(key)) ? undefined : new Map<string, unknown>();
  for (const key of keys) {
    const name = seen ? key.toLowerCase() : key;
    const member = members.get(name);
    const value = sent[key];
    if (member === undefined) read.unknown.push({ path: `${path}.${key}`, key, value });
    else if (seen?.has(name)) haveConflict(seen.get(name), value, `${path}.${name}`, read);
    else if (typeof member === 'string') read.content[member] = value;
    else parseMember(value, member, `${path}.${name}`, name, read);
    seen?.set(name, value);
  }
  for (const name of REQUIRED_LEVELS) {
    if (members.has(name) && !isIn(sent, name, seen)) read.faults.push(levelFault(`${path}.${name}`, undefined));
  }
}

function isIn(sent: Record<string, unknown>, name: string, seen: Map<string, unknown> | undefined): boolean {
  return seen ? seen.has(name) : Object.hasOwn(sent, name);
}

function parseMember(value: unknown, member: Level, path: string, name: string, read: ParsedDetail): void {
  if (isObject(value)) parseLevel(value, member.members, path, read);
  else if (value !== null || REQUIRED_LEVELS.has(name)) read.faults.push(levelFault(path, value));
}

function levelFault(path: string, value: unknown): Fault {
  return { path, expected: 'an object', received: kindOf(value) };
}

/** One key in two letter cases is harmless if both have the same value. */
function haveConflict(first: unknown, second: unknown, path: string, read: ParsedDetail): void {
  if (JSON.stringify(first) === JSON.stringify(second)) return;
  read.faults.push({ path, expected: 'one value', received: 'two different values under spellings of one key' });
}

function level(members: Record<string, Part | Level>): Level {
  return { members: membersOf(members) };
}

/** A Map, so that a key in the input never matches a property that every object inherits. */
function membersOf(members: Record<string, Part | Level>): Members {
  return new Map(Object.entries(members));
}

function pathsOf(members: Members, path: string): Record<Part, string> {
  const entries = [...members].flatMap(([name, member]): [string, string][] =>
    typeof member === 'string' ? [[member, `${path}.${name}`]] : Object.entries(pathsOf(member.members, `${path}.${name}`)),
  );
  return Object.fromEntries(entries) as Record<Part, string>;
}
