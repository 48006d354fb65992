import type { CounterMeaning, CounterRule } from '../schemas/configuration/counter-rule.ts';
import type { CounterUnit } from '../schemas/configuration/counter-unit.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { Notification } from '../schemas/event/notification.ts';

export type InterpretedCounter = { meaning: CounterMeaning; unit: CounterUnit | undefined; counts: CounterRule['counts'] };

/** In this order: the warning comes before the allowance is low. */
const SEEN_STATES = { normal: 'good', '*warning*': 'low', low: 'critical' } as const;

/**
 * The names and states seen in production, whose thresholds are in base units, and the documented ones. Names and states are a plan
 * designer's free text and may count upwards, so all others need configuration.
 */
const DEFAULT_RULES: CounterRule[] = [
  { names: ['*Voice*'], unit: 'seconds', counts: 'remaining', states: SEEN_STATES },
  { names: ['*Text*'], unit: 'messages', counts: 'remaining', states: SEEN_STATES },
  { names: ['*Data*'], unit: 'bytes', counts: 'remaining', states: SEEN_STATES },
  { names: ['UnitAllowanceThreshold'], counts: 'remaining', states: { normal: 'good', low: 'low' } },
  { names: ['OutOfCredit'], unit: 'money', counts: 'remaining', states: { normal: 'good', outOfCredit: 'critical' } },
  { names: ['AccountCreditWarning'], unit: 'money', counts: 'remaining', states: { normal: 'good', warning: 'low' } },
];

type Counters = Pick<TenantConfiguration, 'counters'>;

/**
 * What a counter's state means: the tenant's own rules in order, then the defaults.
 *
 * @returns undefined if no rule has both the name and the state.
 */
export function interpretCounter(
  notification: Pick<Notification, 'name' | 'state'>,
  configuration: Counters,
): InterpretedCounter | undefined {
  const found = findRule(notification, configuration);
  return found && { meaning: found.meaning, unit: found.rule.unit, counts: found.rule.counts };
}

export function isWorst(notification: Pick<Notification, 'name' | 'state'>, configuration: Counters): boolean {
  const found = findRule(notification, configuration);
  return found !== undefined && (found.meaning === 'critical' || !Object.values(found.rule.states).includes('critical'));
}

function findRule(
  notification: Pick<Notification, 'name' | 'state'>,
  configuration: Counters,
): { rule: CounterRule; meaning: CounterMeaning } | undefined {
  for (const rule of [...configuration.counters, ...DEFAULT_RULES]) {
    if (!rule.names.some((pattern) => matches(pattern, notification.name))) continue;
    const meaning = stateMeaning(rule, notification.state);
    if (meaning) return { rule, meaning };
  }
  return undefined;
}

/** An exact state wins over a pattern, whatever their order. */
function stateMeaning(rule: CounterRule, state: string): CounterMeaning | undefined {
  if (Object.hasOwn(rule.states, state)) return rule.states[state];
  return Object.entries(rule.states).find(([pattern]) => matches(pattern, state))?.[1];
}

function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
