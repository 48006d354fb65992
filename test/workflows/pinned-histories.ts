import type { Standing } from '../../src/rules/severity.ts';
import type { RunOutcome, WorkflowName } from '../../src/schemas/workflow.ts';
import { inTurn, type World } from '../builders/story-world.ts';

/** The case as a title names it. */
type PinnedHistory = [workflow: WorkflowName, of: string, world: World, history: string[], result: RunOutcome, sent: string[]];

/** The steps of a message. */
export const said = (step: string) => [`step claim-${step}`, `step send-${step}`, `step record-${step}`];

const answerBefore = (moment: string) => [
  `step time-until-${moment}`,
  `callback answer-before-${moment}`,
  `step note-where-to-answer-before-${moment}`,
  `step look-at-the-answer-before-${moment}`,
];

/** What each workflow does in a world, in order: its operations by kind and name, how it ends, and what it sends. */
export const PINNED_HISTORIES: PinnedHistory[] = [
  [
    'low-allowance',
    'that speaks at once',
    {},
    ['wait let-things-settle', 'step look-at-the-counter', 'step open-quiet-period', ...said('notice-sms')],
    { outcome: 'sent' },
    ['notice-sms'],
  ],
  [
    'low-allowance',
    'that lets thresholds gather and finds a worse one',
    { run: { standing: inTurn<Standing>({ standing: 'wait', until: 0 }, { standing: 'merged', into: 'other' }) } },
    [
      'wait let-things-settle',
      'step look-at-the-counter',
      'step note-let-thresholds-gather',
      'wait let-thresholds-gather',
      'step look-at-the-counter-again',
      'step merge-notice-sms',
    ],
    { outcome: 'merged', reason: 'other' },
    [],
  ],
  [
    'low-allowance',
    'that hands over',
    { startsOffer: true },
    ['wait let-things-settle', 'step look-at-the-counter', 'step open-quiet-period', ...said('notice-sms'), 'step hand-over-to-an-offer'],
    { outcome: 'sent' },
    ['notice-sms'],
  ],
  [
    'credit-alert',
    'of credit that has run out',
    { type: 'OutOfCredit' },
    ['step look-at-the-counter', 'step open-quiet-period', ...said('notice-sms'), ...said('notice-email')],
    { outcome: 'sent' },
    ['notice-sms', 'notice-email'],
  ],
  [
    'plan-expiry',
    'that reminds',
    {},
    [
      'step open-story',
      'step find-plan-end',
      ...said('notice-sms'),
      'step note-wait-for-the-reminder',
      'wait wait-for-the-reminder',
      'step look-whether-it-still-ends',
      ...said('reminder-email'),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'reminder-email'],
  ],
  [
    'plan-expiry',
    'whose plan goes on',
    { run: { happenedSince: async () => 'AutoRenewSuccess' } },
    [
      'step open-story',
      'step find-plan-end',
      ...said('notice-sms'),
      'step note-wait-for-the-reminder',
      'wait wait-for-the-reminder',
      'step look-whether-it-still-ends',
    ],
    { outcome: 'resolved', reason: 'AutoRenewSuccess' },
    ['notice-sms'],
  ],
  [
    'plan-expiry',
    'that hands over, and reminds all the same',
    { startsOffer: true },
    [
      'step open-story',
      'step find-plan-end',
      ...said('notice-sms'),
      'step hand-over-to-an-offer',
      'step note-wait-for-the-reminder',
      'wait wait-for-the-reminder',
      'step look-whether-it-still-ends',
      ...said('reminder-email'),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'reminder-email'],
  ],
  [
    'win-back',
    'without an offer',
    {},
    ['step open-story', ...said('notice-sms')],
    { outcome: 'no-offer-configured', reason: 'sent' },
    ['notice-sms'],
  ],
  [
    'win-back',
    'that hands over',
    { startsOffer: true },
    ['step open-story', ...said('notice-sms'), 'step hand-over-to-an-offer'],
    { outcome: 'handed-over', reason: 'sent' },
    ['notice-sms'],
  ],
  [
    'retention-offer',
    'that fits nobody',
    { offers: { chooseAndIssue: async () => ({ state: 'none', reason: 'no-offer' }) } },
    ['step choose-and-issue'],
    { outcome: 'no-offer-fits', reason: 'no-offer' },
    [],
  ],
  [
    'retention-offer',
    'that nobody answers',
    {},
    [
      'step choose-and-issue',
      ...said('notice-sms'),
      ...answerBefore('reminder'),
      ...said('reminder-sms'),
      ...answerBefore('end'),
      'step end-as-expired',
      'step time-until-goal',
      'wait wait-for-the-goal',
      'step credit-the-offer',
    ],
    { outcome: 'expired' },
    ['notice-sms', 'reminder-sms'],
  ],
  [
    'renewal-failed',
    'that reminds twice',
    {},
    [
      'step open-story',
      ...said('notice-sms'),
      ...said('notice-email'),
      ...[1, 2].flatMap((number) => [
        `step note-wait-for-reminder-${number}`,
        `wait wait-for-reminder-${number}`,
        `step look-for-a-renewal-${number}`,
        ...said(`reminder-${number}-sms`),
      ]),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'notice-email', 'reminder-1-sms', 'reminder-2-sms'],
  ],
  [
    'renewal-failed',
    'that is part of another one',
    { run: { openStory: async () => ({ opening: 'taken', by: 'other' }) } },
    ['step open-story'],
    { outcome: 'absorbed', reason: 'other' },
    [],
  ],
  [
    'renewal-succeeded',
    'after a failure',
    {},
    ['step close-the-story-of-the-failure', 'step open-story', ...said('confirmation-sms')],
    { outcome: 'sent' },
    ['confirmation-sms'],
  ],
  ['rollover', '', {}, ['step open-story', ...said('notice-sms')], { outcome: 'sent' }, ['notice-sms']],
  [
    'welcome',
    '',
    {},
    ['step open-story', ...said('notice-sms'), ...said('notice-email')],
    { outcome: 'sent' },
    ['notice-sms', 'notice-email'],
  ],
  ...(['win-back', 'rollover', 'welcome'] as const).map(
    (workflow): PinnedHistory => [
      workflow,
      'that another event tells',
      { run: { openStory: async () => ({ opening: 'taken', by: 'other' }) } },
      ['step open-story'],
      { outcome: 'absorbed', reason: 'other' },
      [],
    ],
  ),
  [
    'renewal-succeeded',
    'that another event tells',
    { run: { openStory: async () => ({ opening: 'taken', by: 'other' }) } },
    ['step close-the-story-of-the-failure', 'step open-story'],
    { outcome: 'absorbed', reason: 'other' },
    [],
  ],
];

/** How many times the function is entered: it leaves at each wait, and what it did before is replayed. */
export function entriesOf(history: string[]): number {
  return 1 + history.filter((name) => /^(wait|callback) /.test(name)).length;
}
