import type { RunOutcome, WorkflowName } from '../../src/schemas/run/workflow.ts';
import type { CounterStatus } from '../../src/workflows/engine/counter-status.ts';
import { inTurn, type World } from '../builders/workflow-world.ts';

/** The case as a title names it. */
type PinnedHistory = [workflow: WorkflowName, of: string, world: World, history: string[], result: RunOutcome, sent: string[]];

/** The steps of a message. */
export const messageSteps = (step: string) => [`step claim-${step}`, `step send-${step}`, `step record-${step}`];

const answerBefore = (kind: string) => [
  `step time-until-${kind}`,
  `callback answer-before-${kind}`,
  `step register-callback-before-${kind}`,
  `step read-answer-before-${kind}`,
];

/** What each workflow does in a world, in order: its operations by kind and name, how it ends, and what it sends. */
export const PINNED_HISTORIES: PinnedHistory[] = [
  [
    'low-allowance',
    'that speaks at once',
    {},
    ['wait settle-delay', 'step check-counter', 'step open-quiet-period', ...messageSteps('notice-sms')],
    { outcome: 'sent' },
    ['notice-sms'],
  ],
  [
    'low-allowance',
    'that lets thresholds gather and finds a worse one',
    { run: { status: inTurn<CounterStatus>({ status: 'wait', until: 0 }, { status: 'merged', into: 'other' }) } },
    [
      'wait settle-delay',
      'step check-counter',
      'step record-quiet-period',
      'wait quiet-period',
      'step check-counter-again',
      'step merge-notice-sms',
    ],
    { outcome: 'merged', event: 'other' },
    [],
  ],
  [
    'low-allowance',
    'that starts an offer',
    { startsOffer: true },
    ['wait settle-delay', 'step check-counter', 'step open-quiet-period', ...messageSteps('notice-sms'), 'step start-offer'],
    { outcome: 'sent' },
    ['notice-sms'],
  ],
  [
    'credit-alert',
    'of credit that has run out',
    { type: 'OutOfCredit' },
    ['step check-counter', 'step open-quiet-period', ...messageSteps('notice-sms'), ...messageSteps('notice-email')],
    { outcome: 'sent' },
    ['notice-sms', 'notice-email'],
  ],
  [
    'plan-expiry',
    'that reminds',
    {},
    [
      'step open-episode',
      'step find-plan-end',
      ...messageSteps('notice-sms'),
      'step record-wait-for-reminder',
      'wait wait-for-reminder',
      'step check-plan-renewed',
      ...messageSteps('reminder-email'),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'reminder-email'],
  ],
  [
    'plan-expiry',
    'whose plan goes on',
    { run: { happenedSince: async () => 'AutoRenewSuccess' } },
    [
      'step open-episode',
      'step find-plan-end',
      ...messageSteps('notice-sms'),
      'step record-wait-for-reminder',
      'wait wait-for-reminder',
      'step check-plan-renewed',
    ],
    { outcome: 'resolved', endedBy: 'AutoRenewSuccess' },
    ['notice-sms'],
  ],
  [
    'plan-expiry',
    'that starts an offer, and reminds all the same',
    { startsOffer: true },
    [
      'step open-episode',
      'step find-plan-end',
      ...messageSteps('notice-sms'),
      'step start-offer',
      'step record-wait-for-reminder',
      'wait wait-for-reminder',
      'step check-plan-renewed',
      ...messageSteps('reminder-email'),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'reminder-email'],
  ],
  [
    'win-back',
    'without an offer',
    {},
    ['step open-episode', ...messageSteps('notice-sms')],
    { outcome: 'no-offer-configured', reason: 'sent' },
    ['notice-sms'],
  ],
  [
    'win-back',
    'that starts an offer',
    { startsOffer: true },
    ['step open-episode', ...messageSteps('notice-sms'), 'step start-offer'],
    { outcome: 'offer-started', reason: 'sent' },
    ['notice-sms'],
  ],
  [
    'retention-offer',
    'that fits nobody',
    { offers: { chooseOffer: async () => ({ state: 'none', offers: [{ offer: 'free-month', reason: 'had-before' }] }) } },
    ['step choose-offer'],
    { outcome: 'no-offer-fits', offers: [{ offer: 'free-month', reason: 'had-before' }] },
    [],
  ],
  [
    'retention-offer',
    'that no channel may carry',
    {
      offers: { chooseOffer: async () => ({ state: 'issued', channels: ['sms', 'email'], reminds: true }) },
      delivery: { claim: async ({ channel }) => ({ outcome: 'not-sent', reason: channel === 'sms' ? 'no-consent' : 'no-contact' }) },
    },
    ['step choose-offer', 'step claim-notice-sms', 'step claim-notice-email', 'step end-undeliverable-offer'],
    {
      outcome: 'denied-by-policy',
      notSent: [
        { channel: 'sms', reason: 'no-consent' },
        { channel: 'email', reason: 'no-contact' },
      ],
    },
    [],
  ],
  [
    'retention-offer',
    'that nobody answers',
    {},
    [
      'step choose-offer',
      ...messageSteps('notice-sms'),
      ...answerBefore('reminder'),
      ...messageSteps('reminder-sms'),
      ...answerBefore('end'),
      'step expire-offer',
      'step time-until-goal',
      'wait wait-for-goal',
      'step credit-offer',
    ],
    { outcome: 'expired' },
    ['notice-sms', 'reminder-sms'],
  ],
  [
    'renewal-failed',
    'that reminds twice',
    {},
    [
      'step open-episode',
      ...messageSteps('notice-sms'),
      ...messageSteps('notice-email'),
      ...[1, 2].flatMap((number) => [
        `step record-wait-for-reminder-${number}`,
        `wait wait-for-reminder-${number}`,
        `step check-renewal-${number}`,
        ...messageSteps(`reminder-${number}-sms`),
      ]),
    ],
    { outcome: 'completed' },
    ['notice-sms', 'notice-email', 'reminder-1-sms', 'reminder-2-sms'],
  ],
  [
    'renewal-failed',
    'that is part of another one',
    { run: { openEpisode: async () => ({ opening: 'taken', by: 'other' }) } },
    ['step open-episode'],
    { outcome: 'part-of-episode', event: 'other' },
    [],
  ],
  [
    'renewal-succeeded',
    'after a failure',
    {},
    ['step close-failure-episode', 'step open-episode', ...messageSteps('confirmation-sms')],
    { outcome: 'sent' },
    ['confirmation-sms'],
  ],
  ['rollover', '', {}, ['step open-episode', ...messageSteps('notice-sms')], { outcome: 'sent' }, ['notice-sms']],
  [
    'welcome',
    '',
    {},
    ['step open-episode', ...messageSteps('notice-sms'), ...messageSteps('notice-email')],
    { outcome: 'sent' },
    ['notice-sms', 'notice-email'],
  ],
  ...(['win-back', 'rollover', 'welcome'] as const).map(
    (workflow): PinnedHistory => [
      workflow,
      'that another event tells',
      { run: { openEpisode: async () => ({ opening: 'taken', by: 'other' }) } },
      ['step open-episode'],
      { outcome: 'part-of-episode', event: 'other' },
      [],
    ],
  ),
  [
    'renewal-succeeded',
    'that another event tells',
    { run: { openEpisode: async () => ({ opening: 'taken', by: 'other' }) } },
    ['step close-failure-episode', 'step open-episode'],
    { outcome: 'part-of-episode', event: 'other' },
    [],
  ],
];

/** How many times the function is entered: it leaves at each wait, and what it did before is replayed. */
export function entriesOf(history: string[]): number {
  return 1 + history.filter((name) => /^(wait|callback) /.test(name)).length;
}
