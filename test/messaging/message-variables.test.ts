import { describe, expect, test } from 'vitest';
import { messageVariables, type RenderContext } from '../../src/messaging/message-variables.ts';
import { isNothingRolledOver } from '../../src/messaging/rolled-over.ts';
import type { Json } from '../../src/schemas/event/notification.ts';
import type { RecordedEvent } from '../../src/schemas/event/recorded-event.ts';
import { notification, published } from '../builders/configuration.ts';

const NOTICE = { language: 'en', kind: 'notice' } as const;

function variables(
  parts: Record<string, unknown>,
  configuration: Parameters<typeof published>[0] = {},
  context: Partial<RenderContext> = {},
) {
  const event: RecordedEvent = {
    id: 'e-1',
    notification: notification({ state: 'warning', ...(parts.type ? { name: parts.type } : {}), ...parts }),
    receivedAt: '2026-05-01T08:00:01.000Z',
    decision: { start: [] },
    original: undefined,
  };
  return messageVariables(event, published(configuration), { ...NOTICE, ...context });
}

const rolled = (rolloveramount: unknown, settings = {}, context: Partial<RenderContext> = {}) =>
  variables({ type: 'PlanRollover', fields: { rolloveramount } }, { workflows: { rollover: settings } }, context).rollover;
const validity = (rollovergraceperiod: unknown, language = 'en') =>
  variables({ type: 'PlanRollover', fields: { rollovergraceperiod } }, {}, { language }).validity;

test('a counter says what it counts, and how much in human words', () => {
  expect(variables({ state: 'low', threshold: 214_748_364 }, {}, { name: 'Ada Lovelace' })).toEqual({
    brand: 'Example',
    name: 'Ada Lovelace',
    type: 'CounterThreshold',
    kind: 'notice',
    language: 'en',
    level: 'critical',
    unit: 'bytes',
    unsubscribe: null,
    counts: 'remaining',
    amount: '205 MB',
    plan: null,
    rollover: [],
    validity: null,
    endsIn: null,
    ends: null,
    graceDays: 7,
    offer: null,
    offerLink: null,
    offerEndsIn: null,
  });
});

test.each([
  'PlanExpiryWarning',
  'PlanExpired',
  'PlanCancelled',
  'PlanRollover',
  'OutOfCredit',
  'AccountCreditWarning',
  'AutoRenewSuccess',
  'AutoRenewFailure',
  'UnitAllowanceThreshold',
  'NewPlanActivated',
  'CounterThreshold',
  'Unrecognised',
])('%s leaves no variable undefined', (type) => {
  expect(Object.values(variables({ type }))).not.toContain(undefined);
  expect(Object.values(variables({ type }, { currency: undefined, workflows: { 'plan-expiry': { leadTimeHours: 72 } } }))).not.toContain(
    undefined,
  );
});

describe('what was rolled over', () => {
  const data = [{ amount: '1 GB', unit: 'bytes' }];
  test.each<[string, unknown, unknown]>([
    ['a list of type and quantity', [{ type: 'data', quantity: 1_073_741_824 }], data],
    ['Totogi’s unit type', [{ type: 'VOLUME', quantity: 1_073_741_824 }], data],
    ['a single entry', { Type: 'Data', Quantity: '1073741824' }, data],
    ['a quantity of its own unit', [{ type: 'data', quantity: 1, unit: 'GB' }], data],
    ['an object by type', { data: 1_073_741_824 }, data],
    ['an object of objects by type', { data: { quantity: 1_073_741_824 } }, data],
    ['text with a unit', '1 GB', data],
    ['JSON in text', '[{"type":"data","quantity":1073741824}]', data],
    ['a counter’s name', [{ name: 'AllowanceThresholdData', amount: 1_073_741_824 }], data],
    [
      'entries of one unit, added up',
      [
        { type: 'data', quantity: 536_870_912 },
        { type: 'Roaming data', quantity: 536_870_912 },
      ],
      data,
    ],
    [
      'several kinds',
      { data: 1_073_741_824, voice: 1_800, sms: 50 },
      [...data, { amount: '30 min', unit: 'seconds' }, { amount: '50', unit: 'messages' }],
    ],
    ['money in the tenant’s currency', { money: 5 }, [{ amount: '$5.00', unit: 'money' }]],
    ['text of two amounts', '1 GB, 30 min', [...data, { amount: '30 min', unit: 'seconds' }]],
    [
      'what is known beside what is not',
      [
        { type: 'data', quantity: 1_073_741_824 },
        { type: 'minutes of joy', quantity: 3 },
      ],
      data,
    ],
    ['a bare number of unknown unit', 1_073_741_824, []],
    ['bare number in text', '1073741824', []],
    ['an unknown unit', [{ type: 'data', quantity: 1, unit: 'parsec' }], []],
    ['a name of two kinds', { 'text and data': 5 }, []],
    ['words', 'everything', []],
    ['broken JSON', '[{"type":', []],
    ['nothing', null, []],
    ['a truth', true, []],
    ['zero', { data: 0 }, []],
    ['less than nothing', { data: -5 }, []],
    ['a list in a list', [[{ type: 'data', quantity: 1_073_741_824 }]], data],
    ['a name from the prototype', { constructor: 5 }, []],
    ['a unit from the prototype', '5 constructor', []],
    ['thousands, more than once', [{ type: 'data', quantity: '1,073,741,824' }], data],
    ['thousands in text', '1,073,741,824 B', data],
    ['thousands by dots', '1.073.741.824 bytes', data],
    ['thousands and decimals', '1,048,576.0 KB', data],
    ['thousands and decimals the other way', '1.048.576,0 KB', data],
    ['decimals by a dot', '0.5 GB; 512 MB', data],
    ['a comma between amounts', '512 MB,512 MB', data],
    ['a comma that may be either', '1,000 MB', []],
    ['a comma for decimals', '1,5 GB', []],
    ['the same of two digits', '10,5 GB', []],
    ['an amount without its unit', '1, 5 GB', []],
    ['an unclear amount beside a clear one', '1 GB, 1,5 GB', []],
    [
      'an unclear entry beside another of its unit',
      [
        { type: 'data', quantity: 1_073_741_824 },
        { type: 'data', quantity: '1,5' },
      ],
      [],
    ],
    ['groups that are none', '1,07,374 MB', []],
    ['a dot too many', '1.5.2 GB', []],
  ])('reads %s', (_what, sent, expected) => {
    expect(rolled(sent)).toEqual(expected);
  });

  test.each<[unknown, boolean]>([
    [0, true],
    ['0', true],
    ['0 MB', true],
    ['0.0 GB, 0 min', true],
    [{ data: 0, voice: 0 }, true],
    [[{ type: 'data', quantity: '0' }], true],
    ['[{"type":"data","quantity":0}]', true],
    [{ data: 0, voice: 60 }, false],
    [{ data: 0, joy: 'much' }, false],
    ['0 MB, all your minutes', false],
    ['0,5 GB', false],
    ['', false],
    [-5, false],
    [[], false],
    [null, false],
    [undefined, false],
  ])('of %j says that it is nothing: %s', (sent, isNothing) => {
    expect(isNothingRolledOver(sent as Json)).toBe(isNothing);
  });

  test('a bare number has the unit that the tenant gave it', () => {
    expect(rolled(2_147_483_648, { unit: 'bytes' })).toEqual([{ amount: '2 GB', unit: 'bytes' }]);
    expect(rolled('600', { unit: 'seconds' }, { language: 'es' })).toEqual([{ amount: '10 min', unit: 'seconds' }]);
    expect(rolled([{ type: 'voice', quantity: 600 }], { unit: 'bytes' })).toEqual([{ amount: '10 min', unit: 'seconds' }]);
  });

  test('money is not named without a currency', () => {
    expect(variables({ type: 'PlanRollover', fields: { rolloveramount: { money: 5 } } }, { currency: undefined }).rollover).toEqual([]);
  });
});

describe('how long it lasts', () => {
  test.each<[unknown, string | null, string | null]>([
    ['30d', '30 days', '30 días'],
    ['1d', '1 day', '1 día'],
    ['P30D', '30 days', '30 días'],
    ['P1M', '1 month', '1 mes'],
    ['PT72H', '72 hours', '72 horas'],
    ['P1DT12H', '1 day, 12 hours', '1 día y 12 horas'],
    ['2w', '2 weeks', '2 semanas'],
    ['30m', '30 minutes', '30 minutos'],
    ['7 days', '7 days', '7 días'],
    ['1 MONTH', '1 month', '1 mes'],
    [{ type: 'DAY', value: 30 }, '30 days', '30 días'],
    [[{ unit: 'WEEK', amount: 2 }], '2 weeks', '2 semanas'],
    [30, null, null],
    ['30', null, null],
    ['P', null, null],
    ['0d', null, null],
    ['30 parsecs', null, null],
    [null, null, null],
    [[], null, null],
    [{ type: 'DAY', value: 1.5 }, null, null],
  ])('%o is %o and %o', (sent, english, spanish) => {
    expect(validity(sent)).toBe(english);
    expect(validity(sent, 'es')).toBe(spanish);
  });
});

describe('when a plan ends', () => {
  const warning = { type: 'PlanExpiryWarning', occurredAt: '2026-05-01T03:00:00.000Z' };
  const tenant = { workflows: { 'plan-expiry': { leadTimeHours: 72, reminderHoursBefore: 24 } } };

  test.each<[Partial<RenderContext>, string | null, string | null]>([
    [{}, '3 days', null],
    [{ kind: 'reminder' }, '24 hours', null],
    [{ kind: 'confirmation' }, null, null],
    [{ timeZone: 'America/New_York' }, '3 days', 'May 3'],
    [{ timeZone: 'Europe/Madrid', language: 'es' }, '3 días', '4 de mayo'],
  ])('told %o it is in %o, on %o', (context, endsIn, ends) => {
    expect(variables(warning, tenant, context)).toMatchObject({ endsIn, ends });
  });

  test.each([
    [1, '1 hour'],
    [0.5, null],
    [48, '48 hours'],
    [60, '2 days'],
    [168, '7 days'],
  ])('%d hours ahead are "%s"', (leadTimeHours, endsIn) => {
    expect(variables(warning, { workflows: { 'plan-expiry': { leadTimeHours } } }).endsIn).toBe(endsIn);
  });

  test('what the workflow waited is taken off, and without a lead time nothing is said', () => {
    expect(variables(warning, { workflows: { 'plan-expiry': { leadTimeHours: 48, waitSeconds: 3_600 } } }).endsIn).toBe('47 hours');
    expect(variables(warning, {}, { timeZone: 'America/New_York' })).toMatchObject({ endsIn: null, ends: null });
  });

  test('a failed renewal ends the plan after the days of grace', () => {
    const failure = { type: 'AutoRenewFailure', occurredAt: '2026-05-01T03:00:00.000Z' };
    const context = variables(failure, { workflows: { 'renewal-failed': { graceDays: 5 } } }, { timeZone: 'America/New_York' });
    expect(context).toMatchObject({ graceDays: 5, ends: 'May 5', endsIn: null });
  });
});

test('a new plan is named by plain words only', () => {
  expect(variables({ type: 'NewPlanActivated', fields: { planid: 'plan-gold-30' } }).plan).toBe('plan-gold-30');
  expect(variables({ type: 'NewPlanActivated', fields: { planid: 'http://evil.com' } }).plan).toBeNull();
});

describe("a plan's end that Totogi's account names", () => {
  const at = Date.parse('2026-05-01T08:00:20Z');
  const context = { planEnds: '2026-05-05T08:00:00.000Z', at, timeZone: 'UTC' };
  const leadTime = { workflows: { 'plan-expiry': { leadTimeHours: 72 } } };

  test.each<[string, object, Partial<RenderContext>, string | null, string | null]>([
    ['goes before the lead time', leadTime, {}, '4 days', 'May 5'],
    ['needs no lead time', {}, {}, '4 days', 'May 5'],
    ['counts from when the message goes', {}, { at: Date.parse('2026-05-04T06:00:00Z'), kind: 'reminder' }, '26 hours', 'May 5'],
    ['is not told as time that is left when it has passed', {}, { at: Date.parse('2026-05-06T08:00:00Z') }, null, 'May 5'],
  ])('%s', (_what, configuration, more, endsIn, ends) => {
    expect(variables({ type: 'PlanExpiryWarning' }, configuration, { ...context, ...more })).toMatchObject({ endsIn, ends });
  });
});
