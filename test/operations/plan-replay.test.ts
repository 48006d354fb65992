import { describe, expect, test } from 'vitest';
import { planReplay, type ReplayFacts } from '../../src/operations/plan-replay.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import type { RecordedEvent } from '../../src/schemas/event/recorded-event.ts';
import { notification, published } from '../builders/configuration.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OCCURRED_AT = Date.UTC(2026, 4, 1, 8);

const content = notification();
const event: RecordedEvent = {
  id: eventId(content),
  notification: content,
  receivedAt: new Date(OCCURRED_AT).toISOString(),
  decision: { start: ['low-allowance'], configuration: 'v-1' },
  original: undefined,
};
const nothing: RecordedEvent = { ...event, decision: { start: [], reason: 'tenant-not-configured' } };
const again = { start: ['low-allowance' as const], configuration: 'v-2', at: new Date(OCCURRED_AT + DAY).toISOString(), replay: 'r' };
const redecided: RecordedEvent = { ...nothing, redecision: again };
const patient = published({ staleAfterHours: 720 });
const facts: ReplayFacts = { event, ran: [], published: published(), chosen: undefined, now: OCCURRED_AT + HOUR };

describe('a replay', () => {
  const started = { start: ['low-allowance'], decision: { start: ['low-allowance'], configuration: 'v-1' } };
  test.each<[string, Partial<ReplayFacts>, object]>([
    ['starts what was decided and never ran', {}, { start: ['low-allowance'] }],
    ['leaves what ran', { ran: ['low-allowance'] }, { skip: 'already-run' }],
    ['leaves what ran, whatever its age', { ran: ['low-allowance'], now: OCCURRED_AT + 20 * DAY }, { skip: 'already-run' }],
    ['leaves what is for another workflow', { chosen: ['welcome'] }, { skip: 'not-chosen' }],
    ['leaves old news, though it never ran', { now: OCCURRED_AT + 49 * HOUR }, { skip: 'stale' }],
    ['starts after a week less nothing', { published: patient, now: OCCURRED_AT + 7 * DAY }, { start: ['low-allowance'] }],
    ['leaves what was decided more than a week ago', { published: patient, now: OCCURRED_AT + 7 * DAY + 1 }, { skip: 'too-old' }],
    ['decides again what started nothing', { event: nothing }, started],
    [
      'decides again, however long ago the first decision was',
      { event: nothing, published: patient, now: OCCURRED_AT + 8 * DAY },
      { start: ['low-allowance'] },
    ],
    ['decides again, and old news stays old', { event: nothing, now: OCCURRED_AT + 49 * HOUR }, { skip: 'stale' }],
    ['decides again for chosen workflows only', { event: nothing, chosen: ['welcome'] }, { skip: 'not-chosen' }],
    ['finds that there is still no configuration', { event: nothing, published: undefined }, { skip: 'tenant-not-configured' }],
    [
      'finds the workflow switched off',
      { event: nothing, published: published({ workflows: { 'low-allowance': { enabled: false } } }) },
      { skip: 'workflow-off' },
    ],
    ['starts again what a replay decided and never ran', { event: redecided }, { start: ['low-allowance'] }],
    ['leaves what a replay decided and ran', { event: redecided, ran: ['low-allowance'] }, { skip: 'already-run' }],
    [
      'counts the week from what a replay decided',
      { event: redecided, published: patient, now: OCCURRED_AT + 8 * DAY },
      { start: ['low-allowance'] },
    ],
  ])('%s', (_title, given, plan) => {
    expect(planReplay({ ...facts, ...given })).toMatchObject(plan);
  });
});
