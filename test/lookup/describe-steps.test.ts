import { expect, test } from 'vitest';
import { describeNote } from '../../src/lookup/describe-steps.ts';
import type { RunNote } from '../../src/schemas/run/run-note.ts';

const at = '2026-05-01T08:00:00.000Z';

test.each<[RunNote, string]>([
  [{ note: 'plan-end', from: 'totogi', at }, "The end of the plan comes from Totogi's account."],
  [
    { note: 'plan-end', from: 'lead-time', why: 'names-none', at },
    "The end of the plan is calculated from leadTimeHours: no plan in Totogi's account has an end.",
  ],
  [{ note: 'plan-end', from: 'unknown', why: 'unreachable', at }, 'The end of the plan is unknown: Totogi did not answer.'],
  [{ note: 'conversion-unknown', at }, 'It is unknown whether the goal was reached: the account has too many events to search.'],
])('explains the note %j', (note, text) => {
  expect(describeNote(note)).toBe(text);
});
