import type { Happening } from './account-life.ts';
import { withValueAt } from './hostile-shapes.ts';
import { type HostileValue, hostileValues } from './hostile-values.ts';
import { type Circumstances, notificationOf } from './notification-detail.ts';
import type { Random } from './random.ts';

/** Most are short, yet longer than any of these parts may be, even with an escape for each letter; some are as long as an entry may be. */
const SIZES = [2_000, 2_000, 2_000, 12_000, 12_000, 150_000] as const;
const SEED = 1;

/** Must be short text, which no value of the corpus is. */
const REQUIRED = [
  ['invocationtimestamp'],
  ['eventdata', 'accountid'],
  ['eventdata', 'notificationinformation', 'name'],
  ['eventdata', 'notificationinformation', 'state'],
] as const;
/** May be anything within the limits; some values of the corpus exceed them everywhere. */
const FREE = [
  ['custom'],
  ['eventdata', 'unknown'],
  ['eventdata', 'notificationinformation', 'threshold'],
  ['eventdata', 'notificationinformation', 'notificationfields'],
] as const;
const REPEATED_KEY = 'one key many times';
/** Deeper than the service's limit, and less deep than a bus refuses (1,000 levels). */
const DEEP = ['deep lists', 'deep objects'];
const DEEP_BYTES = 1_500;

/** Placeholder for the value in a detail's text. */
const HERE = '@@here@@';

const corpora = new Map<number, HostileValue[]>();

/** A notification with one hostile value, which makes it invalid. Tenant and session stay valid. `detail` is JSON text. */
export function hostileNotificationOf(happening: Happening, circumstances: Circumstances, random: Random) {
  const { source, detailType, detail } = notificationOf(happening, circumstances, 'lower-case');
  const size = random.pick(SIZES);
  const [path, values] = random.chance(0.7) ? [random.pick(REQUIRED), shallow(size)] : [random.pick(FREE), neverValid(size)];
  const { json = '' } = values[random.integer(0, values.length - 1)] ?? {};
  const text = JSON.stringify(withValueAt(detail, [...path], HERE)).replace(`"${HERE}"`, () => json);
  return { fault: `hostile ${path.at(-1)}`, source, detailType, detail: text };
}

function corpus(bytes: number): HostileValue[] {
  const known = corpora.get(bytes) ?? hostileValues(bytes, SEED);
  corpora.set(bytes, known);
  return known;
}

function shallow(bytes: number): HostileValue[] {
  return corpus(bytes).filter(({ name }) => !DEEP.includes(name));
}

function neverValid(bytes: number): HostileValue[] {
  return [...corpus(DEEP_BYTES).filter(({ name }) => DEEP.includes(name)), ...corpus(bytes).filter(({ name }) => name === REPEATED_KEY)];
}
