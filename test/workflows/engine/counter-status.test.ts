import { describe, expect, test } from 'vitest';
import { eventId } from '../../../src/schemas/event/event-id.ts';
import type { RecordedEvent } from '../../../src/schemas/event/recorded-event.ts';
import { breaksQuiet, findCounterStatus } from '../../../src/workflows/engine/counter-status.ts';
import { notification, published } from '../../builders/configuration.ts';

const MINUTE = 60_000;
const START = Date.parse(notification().occurredAt);
const { configuration } = published();

/** A recorded event of the data counter, so many minutes after the first. */
function recorded(minutes: number, state: string, parts: Record<string, unknown> = {}): RecordedEvent {
  const messaged = notification({ state, occurredAt: new Date(START + minutes * MINUTE).toISOString(), ...parts });
  const start = state === 'normal' ? [] : (['low-allowance'] as const);
  return {
    id: eventId(messaged),
    notification: messaged,
    receivedAt: messaged.occurredAt,
    decision: { start: [...start] },
    original: undefined,
  };
}

function status(event: RecordedEvent, others: RecordedEvent[], options: { minutes?: number; quiet?: number } = {}) {
  const { minutes = 0, quiet = 10 } = options;
  return findCounterStatus({
    event,
    others: [...others, event],
    workflow: 'low-allowance',
    configuration,
    quietMilliseconds: quiet * MINUTE,
    now: Date.parse(event.notification.occurredAt) + minutes * MINUTE,
  });
}

const warning = recorded(0, 'warning80', { threshold: 200 });
const deeper = recorded(3, 'warning90', { threshold: 100 });
const low = recorded(5, 'low', { threshold: 50 });

describe('an event of a counter', () => {
  test('that nothing can outdo speaks at once', () => {
    expect(status(low, [])).toEqual({ status: 'send' });
    expect(status(recorded(0, 'low', { type: 'UnitAllowanceThreshold', name: 'UnitAllowanceThreshold' }), [])).toEqual({
      status: 'send',
    });
  });

  test('that may be outdone waits for the quiet period to pass, then speaks', () => {
    expect(status(warning, [])).toEqual({ status: 'wait', until: START + 10 * MINUTE });
    expect(status(warning, [], { minutes: 10 })).toEqual({ status: 'send' });
    expect(status(warning, [], { quiet: 0 })).toEqual({ status: 'send' });
  });

  test('is merged into the most severe of its quiet period', () => {
    expect(status(warning, [deeper])).toEqual({ status: 'merged', into: deeper.id });
    expect(status(warning, [low], { minutes: 10 })).toEqual({ status: 'merged', into: low.id });
    expect(status(deeper, [low, warning])).toEqual({ status: 'merged', into: low.id });
    expect(status(low, [warning, deeper])).toEqual({ status: 'send' });
  });

  test('of one severity goes to the earlier, and what has spoken at once is not outdone', () => {
    const lower = recorded(8, 'low', { threshold: 10 });
    expect(status(low, [lower])).toEqual({ status: 'send' });
    expect(status(lower, [low])).toEqual({ status: 'merged', into: low.id });
    const twin = recorded(3, 'warning90', { threshold: 100, session: 'other' });
    const [first, second] = deeper.id < twin.id ? [deeper, twin] : [twin, deeper];
    expect(status(second, [first])).toEqual({ status: 'merged', into: first.id });
  });

  test('counts usage upwards where the tenant says so', () => {
    const counters = [
      { names: ['Spend'], unit: 'money' as const, counts: 'usage' as const, states: { near: 'low' as const, over: 'critical' as const } },
    ];
    const near = recorded(0, 'near', { name: 'Spend', threshold: 80 });
    const nearer = recorded(1, 'near', { name: 'Spend', threshold: 90 });
    const look = {
      others: [near, nearer],
      workflow: 'low-allowance' as const,
      configuration: { counters },
      quietMilliseconds: 10 * MINUTE,
      now: START,
    };
    expect(findCounterStatus({ ...look, event: near })).toEqual({ status: 'merged', into: nearer.id });
  });

  test.each<[string, RecordedEvent]>([
    ['beyond the quiet period', recorded(11, 'low')],
    ['of another counter', recorded(1, 'low', { name: 'AllowanceThresholdVoice' })],
    ['of another device', recorded(1, 'low', { device: 'd' })],
    ['that started nothing', { ...recorded(1, 'low'), decision: { start: [], reason: 'stale' } }],
  ])('does not merge into one %s', (_what, other) => {
    expect(status(warning, [other])).toMatchObject({ status: 'wait' });
  });
});

test('the warning of the credit and its end are two counters, and each speaks at once', () => {
  const warned = recorded(0, 'warning', { type: 'AccountCreditWarning', name: 'AccountCreditWarning', threshold: 5 });
  const out = recorded(1, 'outOfCredit', { type: 'OutOfCredit', name: 'OutOfCredit', threshold: 0 });
  expect([status(warned, [out]), status(out, [warned])]).toEqual([{ status: 'send' }, { status: 'send' }]);
});

describe('a quiet period in which another event spoke is over', () => {
  const breaks = (event: RecordedEvent, messaged: RecordedEvent, others: RecordedEvent[] = []) =>
    breaksQuiet(event, messaged, { others: [...others, event, messaged], configuration });
  const later = recorded(8, 'low', { threshold: 10 });

  test('when the counter was good in between', () => {
    expect(breaks(later, low, [recorded(6, 'normal')])).toBe(true);
    expect([breaks(later, low), breaks(later, low, [recorded(4, 'normal'), recorded(9, 'normal')])]).toEqual([false, false]);
  });

  test('for a worse state than was told, not for a worse threshold', () => {
    expect([breaks(low, warning), breaks(deeper, warning), breaks(warning, low)]).toEqual([true, false, false]);
  });
});

describe('a good state', () => {
  test('cancels what is pending before it, and begins again', () => {
    const good = recorded(4, 'normal');
    expect(status(warning, [good])).toEqual({ status: 'recovered' });
    expect(status(low, [warning, good])).toEqual({ status: 'send' });
    const again = recorded(6, 'warning80', { threshold: 200 });
    expect(status(again, [warning, good], { minutes: 10 })).toEqual({ status: 'send' });
  });

  test('at the same moment counts when it came out of this very state', () => {
    expect(status(warning, [recorded(0, 'normal', { previousState: 'warning80' })])).toEqual({ status: 'recovered' });
    expect(status(warning, [recorded(0, 'normal', { previousState: 'low' })])).toMatchObject({ status: 'wait' });
    expect(status(warning, [recorded(-1, 'normal')])).toMatchObject({ status: 'wait' });
  });
});
