import type { Route } from '../../src/schemas/api/route.ts';
import { createRandom, type Random } from '../../tooling/traffic/random.ts';

/** A request that no client of good will sends; `path` has its query. */
export type OddRequest = { method: string; path: string; headers: Record<string, string>; body?: string };

type Choices = [string, ...string[]];

const LONG = 2_000;
const ULID = '01KQHA8V00Z5J6W7V8N9P0R1S2';

/** Values for any place, as text: empty, long, of other types, at the ends of ranges, with signs that mean something to somebody. */
const VALUES: Choices = [
  '',
  ...[' ', '0', '-1', '1e309', 'NaN', 'null', 'true', '[]', '{}', '[object Object]', 'undefined', ','],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', '$ne', 'a.b.c', '#', '#text', '~', '*', "' OR 1=1 --"],
  ...['\u0000', '\u200b', '\ud800', 'ü', '😀', '\uffff', '..', '../..', 'a/b', 'a\\b', 'a#b', '%', '%25', '%00', '\r\nx: y'],
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00+14:00'],
  ...['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59-23:59', '+010000-01-01T00:00:00Z'],
  ...['2026-02-30T00:00:00Z', '2026-05-01', '2026-05-01T25:00:00Z', `2026-05-01T00:00:00.${'0'.repeat(60)}1Z`],
  ...['asc', 'desc', '100', '101', '999999999999999999999', 'PlanExpired', 'PlanExpired,X', 'mvno-aurora', '-', ULID, 'Z'.repeat(26)],
  ...['x'.repeat(LONG), '9'.repeat(LONG), ' '.repeat(LONG), '('.repeat(LONG), 'ü'.repeat(LONG), 'consume-notifications', 'workflows'],
];

/** Bodies as text, of which few are JSON and fewer an object that is asked for. */
const BODIES: Choices = [
  '',
  ...[' ', 'null', 'true', '0', '-0', '1e999', '""', '[]', '{}', '{', '[', '"', '\u0000', 'answer=accept', 'answer=decline'],
  ...['{"a":1,"a":2}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', `{"detail":${'['.repeat(500)}${']'.repeat(500)}}`],
  ...['{"detail":{}}', '{"detail":"x"}', '{"reason":" "}', `{"reason":"${'x'.repeat(LONG)}"}`, '{"dryRun":"no"}', '{"limit":1e400}'],
  ...['{"from":"0001-01-01T00:00:00Z","to":"9999-12-31T23:59:59.999Z"}', '{"from":"9999-12-31T23:59:59-23:59"}', '{"from":1,"to":[]}'],
  ...['{"devices":{"constructor":{}}}', '{"devices":{"__proto__":{"language":"es"}}}', '{"phone":1}', '{"phone":"tel:"}', '{"email":"@"}'],
  ...[
    '{"consents":{"marketing":{"sms":{"given":true,"source":"x","at":"9999-12-31T23:59:59-23:59"}}}}',
    '{"language":"zz-'.padEnd(LONG, 'a'),
  ],
  ...[JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, key) => [`key-${key}`, key]))), '9'.repeat(LONG)],
];

const TYPES: Choices = [
  'application/json',
  'application/json; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
  'x/',
];

/** As many requests to a route as asked for, the same ones for the same seed: most places hold what is right, one or two something odd. */
export function* oddRequests(route: Route, right: Record<string, string>, { seed, count }: { seed: string; count: number }) {
  const random = createRandom(seed);
  for (let index = 0; index < count; index += 1) yield oddRequest(route, right, random);
}

function oddRequest(route: Route, right: Record<string, string>, random: Random): OddRequest {
  const odd = () => random.pick(VALUES);
  const isOdd = (name: string) => right[name] === undefined || (name !== 'tenant' && random.chance(0.25));
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encode(isOdd(name) ? odd() : (right[name] ?? '')));
  const [first, ...others] = Object.keys(route.query.shape);
  const parameters = Array.from({ length: random.integer(0, 2) }, () => {
    const name = first !== undefined && random.chance(0.9) ? random.pick([first, ...others]) : odd();
    return `${encode(name)}=${encode(odd())}`;
  });
  const headers: Record<string, string> = { 'content-type': random.chance(0.9) ? 'application/json' : random.pick(TYPES) };
  if (random.chance(0.3)) headers['idempotency-key'] = encode(odd());
  const isBare = route.method === 'GET' || (route.body === undefined && random.chance(0.5));
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return { method: route.method, path: `${path}${query}`, headers, ...(isBare ? {} : { body: oddBody(route, random) }) };
}

/** A body that is odd throughout or, as often, the route's example with something odd in one place. */
function oddBody({ examples }: Route, random: Random): string {
  const example = examples?.body;
  if (typeof example !== 'object' || example === null || random.chance(0.5)) return random.pick(BODIES);
  const [first = '', ...others] = Object.keys(example);
  const odd = random.pick([random.pick(VALUES), random.integer(-1, 1), null, [], {}, [[]], { a: random.pick(VALUES) }]);
  return JSON.stringify({ ...example, [random.pick([first, ...others])]: odd });
}

/** As a path or a query holds it; what has no encoding (a lone surrogate) becomes the sign for that, and `%` at times stays as it is. */
function encode(value: string): string {
  return value === '%' ? value : encodeURIComponent(value.toWellFormed());
}
