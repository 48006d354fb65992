import { describe, expect, test } from 'vitest';
import { chooseWorkflows } from '../../src/ingest/choose-workflows.ts';
import type { Notification } from '../../src/schemas/event/notification.ts';
import { notification, published } from '../builders/configuration.ts';

const HOUR = 3_600_000;
const OCCURRED_AT = Date.parse(notification().occurredAt);

const documented = (type: Notification['type'], state: string) => notification({ type, name: type, state });

describe('a notification of a configured tenant', () => {
  test.each<[string, Notification, object]>([
    ['a counter in a low state', notification(), { start: ['low-allowance'] }],
    ['a counter in a warning state', notification({ state: 'warning80' }), { start: ['low-allowance'] }],
    ['a counter back to normal', notification({ state: 'normal' }), { start: [], reason: 'counter-good' }],
    ['a counter in a state nobody explained', notification({ state: 'odd' }), { start: [], reason: 'counter-not-configured' }],
    ['a counter of a name nobody explained', notification({ name: 'Bonus threshold' }), { start: [], reason: 'counter-not-configured' }],
    ['UnitAllowanceThreshold', documented('UnitAllowanceThreshold', 'low'), { start: ['low-allowance'] }],
    [
      'UnitAllowanceThreshold in another state',
      documented('UnitAllowanceThreshold', 'normal'),
      { start: [], reason: 'state-starts-nothing' },
    ],
    ['OutOfCredit', documented('OutOfCredit', 'outOfCredit'), { start: ['credit-alert'] }],
    ['AccountCreditWarning', documented('AccountCreditWarning', 'warning'), { start: ['credit-alert'] }],
    ['OutOfCredit in another state', documented('OutOfCredit', 'normal'), { start: [], reason: 'state-starts-nothing' }],
    ['PlanExpiryWarning', documented('PlanExpiryWarning', 'warning'), { start: ['plan-expiry'] }],
    ['PlanExpired', documented('PlanExpired', 'expired'), { start: ['win-back'] }],
    ['PlanCancelled', documented('PlanCancelled', 'cancelled'), { start: ['win-back'] }],
    ['PlanRollover', documented('PlanRollover', 'rolloverOccured'), { start: ['rollover'] }],
    ['AutoRenewSuccess', documented('AutoRenewSuccess', 'renewSuccess'), { start: ['renewal-succeeded'] }],
    ['AutoRenewFailure', documented('AutoRenewFailure', 'renewFailure'), { start: ['renewal-failed'] }],
    ['NewPlanActivated', documented('NewPlanActivated', 'active'), { start: ['welcome'] }],
    ['PlanExpired in another state', documented('PlanExpired', 'soon'), { start: [], reason: 'state-starts-nothing' }],
    ['a name nobody documented', documented('Unrecognised', 'gold'), { start: [], reason: 'unrecognised' }],
  ])('%s: %o', (_what, received, decision) => {
    expect(chooseWorkflows(received, published(), OCCURRED_AT)).toEqual({ ...decision, configuration: 'v-1' });
  });

  test('starts nothing where the workflow is off', () => {
    const off = published({ workflows: { 'low-allowance': { enabled: false } } });
    expect(chooseWorkflows(notification(), off, OCCURRED_AT)).toEqual({ start: [], reason: 'workflow-off', configuration: 'v-1' });
  });

  test.each([
    [48, 48 * HOUR, undefined],
    [48, 48 * HOUR + 1, 'stale'],
    [1, 2 * HOUR, 'stale'],
    [48, -HOUR, undefined],
    [48, -HOUR - 1, 'in-the-future'],
  ])('is stale after %d hours and not before, and from the future an hour ahead: %d ms old is %s', (staleAfterHours, age, reason) => {
    expect(chooseWorkflows(notification(), published({ staleAfterHours }), OCCURRED_AT + age).reason).toBe(reason);
  });
});

test('a tenant without configuration is recorded and starts nothing', () => {
  expect(chooseWorkflows(notification(), undefined, OCCURRED_AT)).toEqual({ start: [], reason: 'tenant-not-configured' });
});
