import { describe, expect, test } from 'vitest';
import { type Claim, type Delivery, Throttled } from '../../src/channels/delivery.ts';
import type { Standing } from '../../src/rules/severity.ts';
import type { SendResult } from '../../src/schemas/message.ts';
import type { NotificationType } from '../../src/schemas/notification.ts';
import { TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import type { RunOutcome, WorkflowName } from '../../src/schemas/workflow.ts';
import { creditAlert } from '../../src/workflows/credit-alert.ts';
import { lowAllowance } from '../../src/workflows/low-allowance.ts';
import type { OfferSteps } from '../../src/workflows/offer-steps.ts';
import { planExpiry } from '../../src/workflows/plan-expiry.ts';
import { renewalFailed } from '../../src/workflows/renewal-failed.ts';
import { renewalSucceeded } from '../../src/workflows/renewal-succeeded.ts';
import { retentionOffer } from '../../src/workflows/retention-offer.ts';
import { rollover } from '../../src/workflows/rollover.ts';
import type { RunSteps } from '../../src/workflows/run-steps.ts';
import type { StoryDependencies } from '../../src/workflows/story.ts';
import { welcome } from '../../src/workflows/welcome.ts';
import { winBack } from '../../src/workflows/win-back.ts';
import { runToTheEnd } from '../builders/durable-run.ts';

const BREAKS_RUNS =
  'A run in flight is replayed against the code that is deployed while it waits: steps that have been taken keep their names, kinds and order. New ones go behind the last, or into a new workflow.';
const WORKFLOWS = {
  'low-allowance': lowAllowance,
  'credit-alert': creditAlert,
  'plan-expiry': planExpiry,
  'win-back': winBack,
  'renewal-failed': renewalFailed,
  'renewal-succeeded': renewalSucceeded,
  rollover,
  welcome,
  'retention-offer': retentionOffer,
};
const DAY_SECONDS = 24 * 3_600;
const START = { tenant: 'mvno-example', account: 'acc-1', eventId: '01KKNTQ0YNEYYDECQM1ACT93CY' };
const { workflows } = TenantConfiguration.parse({
  tenant: 'mvno-example',
  name: 'Example',
  workflows: {
    'low-allowance': { waitSeconds: 60 },
    'plan-expiry': { leadTimeHours: 72 },
    'renewal-failed': { reminderDays: [2, 5] },
  },
});

/** What the world answers a story, where it is not the usual: nothing happened since, the gate lets it through, the carrier takes it. */
type World = {
  type?: NotificationType;
  isStale?: boolean;
  handsOver?: boolean;
  offers?: Partial<OfferSteps>;
  run?: Partial<Omit<RunSteps<WorkflowName>, 'begin'>>;
  delivery?: Partial<Delivery>;
};

/** An offer that is made by text and runs out. */
const NOBODY_ANSWERS: OfferSteps = {
  chooseAndIssue: async () => ({ state: 'issued', channels: ['sms'], reminds: true }),
  isOpen: async () => true,
  stateOf: async () => 'issued',
  secondsUntil: async () => DAY_SECONDS,
  awaitAnswer: async () => 'issued',
  end: async () => 'expired',
  beginRedemption: async () => ({ state: 'redeeming', isRepeatable: true, wasBegunBefore: false }),
  grant: async () => ({ outcome: 'done' }),
  plansBefore: async () => [],
  hasPlanSince: async () => false,
  completeRedemption: async () => undefined,
  stick: async () => undefined,
  credit: async () => false,
};

/** Answers one after the other, the last one for ever. */
function inTurn<Answer>(...answers: (Answer | Error)[]): () => Promise<Answer> {
  let turn = 0;
  return async () => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('There is no answer.');
    return answer;
  };
}

/** Tells a story to its end: what it did in which order, what it ended as, how often it was entered, and what was handed over. */
async function tell<Name extends WorkflowName>(workflow: Name, world: World = {}) {
  const { type = 'PlanExpired', isStale = false, handsOver = false, run, delivery, offers } = world;
  const sent: string[] = [];
  const steps: RunSteps<Name> = {
    begin: async () => ({ configuration: 'v-1', settings: workflows[workflow], type, isStale, handsOver }),
    pause: async (_start, seconds) => ({ seconds, until: '2026-05-03T08:00:00.000Z' }),
    standing: async () => ({ standing: 'speak' }),
    happenedSince: async () => undefined,
    openStory: async () => ({ opening: 'open' }),
    openQuietPeriod: async () => ({ toldBy: undefined }),
    closeStory: async () => true,
    planEnd: async () => ({ endsAfterSeconds: 3 * DAY_SECONDS }),
    handOver: async () => undefined,
    end: async () => undefined,
    ...run,
  };
  const deps: StoryDependencies<Name> & { offers: OfferSteps } = {
    run: steps,
    offers: { ...NOBODY_ANSWERS, ...offers },
    delivery: {
      claim: async () => ({ outcome: 'claimed' }),
      settle: async () => undefined,
      merge: async () => undefined,
      withdraw: async () => undefined,
      ...delivery,
      async send(message) {
        const result = await (delivery?.send?.(message) ?? { outcome: 'accepted' as const, providerMessageId: 'provider-1' });
        sent.push(message.step);
        return result;
      },
    },
  };
  const story = (WORKFLOWS[workflow] as (deps: StoryDependencies<Name> & { offers: OfferSteps }) => ReturnType<typeof welcome>)(deps);
  return { ...(await runToTheEnd(story, START)), sent };
}

const said = (step: string) => [`step claim-${step}`, `step send-${step}`, `step record-${step}`];

const answerBefore = (moment: string) => [
  `step time-until-${moment}`,
  `callback answer-before-${moment}`,
  `step note-where-to-answer-before-${moment}`,
  `step look-at-the-answer-before-${moment}`,
];

describe('what each workflow does, in order', () => {
  test.each<[WorkflowName, string, World, string[], RunOutcome, string[]]>([
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
      { handsOver: true },
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
      { handsOver: true },
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
    ['win-back', 'without an offer', {}, said('notice-sms'), { outcome: 'no-offer-configured', reason: 'sent' }, ['notice-sms']],
    [
      'win-back',
      'that hands over',
      { handsOver: true },
      [...said('notice-sms'), 'step hand-over-to-an-offer'],
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
      ['step close-the-story-of-the-failure', ...said('confirmation-sms')],
      { outcome: 'sent' },
      ['confirmation-sms'],
    ],
    ['rollover', '', {}, said('notice-sms'), { outcome: 'sent' }, ['notice-sms']],
    ['welcome', '', {}, [...said('notice-sms'), ...said('notice-email')], { outcome: 'sent' }, ['notice-sms', 'notice-email']],
  ])('%s %s', async (workflow, _case, world, history, result, sent) => {
    const told = await tell(workflow, world);
    expect(told.history, BREAKS_RUNS).toEqual(['step begin-run', ...history, 'step end-run']);
    expect(told).toMatchObject({ status: 'SUCCEEDED', result, sent });
    // The function leaves at each wait and is entered anew, so what it did before was replayed.
    expect(told.entries).toBe(1 + history.filter((name) => /^(wait|callback) /.test(name)).length);
  });
});

describe('a message', () => {
  const until = '2026-05-03T08:00:00.000Z';
  test('that is held waits, asks again and goes', async () => {
    const claim = inTurn<Claim>({ outcome: 'held', until, waitSeconds: 3_600 }, { outcome: 'claimed' });
    const told = await tell('rollover', { delivery: { claim } });
    const history = ['step claim-notice-sms', 'wait hold-notice-sms', ...said('notice-sms')];
    expect(told.history, BREAKS_RUNS).toEqual(['step begin-run', ...history, 'step end-run']);
    expect(told).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles is handed over again in the same step', async () => {
    const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };
    const once = await tell('rollover', { delivery: { send: inTurn<SendResult>(new Throttled('Throttling'), accepted) } });
    expect(once.history, BREAKS_RUNS).toEqual(['step begin-run', ...said('notice-sms'), 'step end-run']);
    expect(once).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles for ever is given up in the end, and said to be', async () => {
    let attempts = 0;
    const send: Delivery['send'] = async () => {
      attempts += 1;
      throw new Throttled('Throttling');
    };
    const told = await tell('rollover', { delivery: { send } });
    expect(told).toMatchObject({ result: { outcome: 'not-sent', reason: 'throttled' }, sent: [] });
    expect(attempts).toBe(20);
  });

  test('whose sending fails otherwise is not handed over again', async () => {
    const told = await tell('rollover', { delivery: { send: inTurn<SendResult>(new Error('who knows')) } });
    expect(told).toMatchObject({ result: { outcome: 'unknown', reason: 'interrupted' }, sent: [], entries: 1 });
  });
});

test('a story that is begun too late says nothing', async () => {
  const told = await tell('welcome', { isStale: true });
  expect(told.history, BREAKS_RUNS).toEqual(['step begin-run', 'step end-run']);
  expect(told).toMatchObject({ result: { outcome: 'stale' }, sent: [] });
});
