import { expect, test } from 'vitest';
import { findPlanEnd, planEndNote } from '../../../src/workflows/engine/plan-end.ts';

const WARNED_AT = Date.parse('2026-05-01T08:00:00Z');
const inTwoDays = '2026-05-03T08:00:00.000Z';
const inTenDays = '2026-05-11T08:00:00.000Z';

test.each<[string, Parameters<typeof findPlanEnd>[0], string | undefined]>([
  ['of the only plan', [{ to: inTwoDays }], inTwoDays],
  ['of the plan that ends first', [{ to: inTenDays }, { to: inTwoDays }], inTwoDays],
  ['of a plan that does not renew itself', [{ to: inTwoDays, renewal: inTwoDays }, { to: inTenDays }], inTenDays],
  ['of no plan that had ended before', [{ to: '2026-04-30T08:00:00Z' }], undefined],
  ['of no plan that lasts for ever', [{ to: '3000-01-01T00:00:00.000Z' }], undefined],
  ['of no plan that names none', [{}, { to: 'soon' }], undefined],
  ['of none where there is no plan', [], undefined],
])('a warning is about the end %s', (_what, plans, end) => {
  const found = findPlanEnd(plans, WARNED_AT);
  expect(found && new Date(found).toISOString()).toBe(end);
});

test('the source of the end is noted, and why it is not Totogi', () => {
  expect(planEndNote('totogi', 'names-none')).toEqual({ note: 'plan-end', from: 'totogi' });
  expect(planEndNote('lead-time', 'unreachable')).toEqual({ note: 'plan-end', from: 'lead-time', why: 'unreachable' });
});
