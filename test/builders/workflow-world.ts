import type { Delivery } from '../../src/messaging/delivery.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import type { NotificationType } from '../../src/schemas/event/notification-type.ts';
import type { WorkflowName } from '../../src/schemas/run/workflow.ts';
import { createCreditAlertWorkflow } from '../../src/workflows/credit-alert/workflow.ts';
import type { RunSteps } from '../../src/workflows/engine/run-steps.ts';
import type { WorkflowDependencies } from '../../src/workflows/engine/run-workflow.ts';
import { createLowAllowanceWorkflow } from '../../src/workflows/low-allowance/workflow.ts';
import { createPlanExpiryWorkflow } from '../../src/workflows/plan-expiry/workflow.ts';
import { createRenewalFailedWorkflow } from '../../src/workflows/renewal-failed/workflow.ts';
import { createRenewalSucceededWorkflow } from '../../src/workflows/renewal-succeeded/workflow.ts';
import type { OfferSteps } from '../../src/workflows/retention-offer/offer-steps.ts';
import { createRetentionOfferWorkflow } from '../../src/workflows/retention-offer/workflow.ts';
import { createRolloverWorkflow } from '../../src/workflows/rollover/workflow.ts';
import { createWelcomeWorkflow } from '../../src/workflows/welcome/workflow.ts';
import { createWinBackWorkflow } from '../../src/workflows/win-back/workflow.ts';

const WORKFLOWS = {
  'low-allowance': createLowAllowanceWorkflow,
  'credit-alert': createCreditAlertWorkflow,
  'plan-expiry': createPlanExpiryWorkflow,
  'win-back': createWinBackWorkflow,
  'renewal-failed': createRenewalFailedWorkflow,
  'renewal-succeeded': createRenewalSucceededWorkflow,
  rollover: createRolloverWorkflow,
  welcome: createWelcomeWorkflow,
  'retention-offer': createRetentionOfferWorkflow,
};
const DAY_SECONDS = 24 * 3_600;
/** What a run is started with. */
export const START = { tenant: 'mvno-example', account: 'acc-1', eventId: '01KKNTQ0YNEYYDECQM1ACT93CY' };
const { workflows } = TenantConfiguration.parse({
  tenant: 'mvno-example',
  name: 'Example',
  workflows: {
    'low-allowance': { waitSeconds: 60 },
    'plan-expiry': { leadTimeHours: 72 },
    'renewal-failed': { reminderDays: [2, 5] },
  },
});

/** What the world answers a run, where it is not the usual: nothing happened since, the policy lets it through, the carrier takes it. */
export type World = {
  type?: NotificationType;
  isStale?: boolean;
  startsOffer?: boolean;
  offers?: Partial<OfferSteps>;
  run?: Partial<Omit<RunSteps<WorkflowName>, 'startRun'>>;
  delivery?: Partial<Delivery>;
};

/** An offer that is made by text and runs out. */
const NOBODY_ANSWERS: OfferSteps = {
  chooseOffer: async () => ({ state: 'issued', channels: ['sms'], reminds: true }),
  isOpen: async () => true,
  stateOf: async () => 'issued',
  secondsUntil: async () => DAY_SECONDS,
  awaitAnswer: async () => 'issued',
  end: async () => 'expired',
  startRedemption: async () => ({ state: 'redeeming', isRepeatable: true, wasStartedBefore: false }),
  grant: async () => ({ outcome: 'done' }),
  plansBefore: async () => [],
  checkPlanSince: async () => 'not-granted',
  completeRedemption: async () => undefined,
  markStuck: async () => undefined,
  credit: async () => 'not-reached',
};

/** Answers one after the other, the last one for ever. */
export function inTurn<Answer>(...answers: (Answer | Error)[]): () => Promise<Answer> {
  let turn = 0;
  return async () => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('There is no answer.');
    return answer;
  };
}

/** A workflow in a world, ready to run, and the steps whose message went out. */
export function workflowIn<Name extends WorkflowName>(workflow: Name, world: World = {}) {
  const { type = 'PlanExpired', isStale = false, startsOffer = false, run, delivery, offers } = world;
  const sent: string[] = [];
  const steps: RunSteps<Name> = {
    startRun: async () => ({ configuration: 'v-1', settings: workflows[workflow], type, isStale, startsOffer }),
    pause: async (_start, seconds) => ({ seconds, until: '2026-05-03T08:00:00.000Z' }),
    status: async () => ({ status: 'send' }),
    happenedSince: async () => undefined,
    openEpisode: async () => ({ opening: 'open' }),
    openQuietPeriod: async () => ({ messagedBy: undefined }),
    closeEpisode: async () => true,
    planEnd: async () => ({ endsAfterSeconds: 3 * DAY_SECONDS }),
    startOffer: async () => undefined,
    finishRun: async () => undefined,
    ...run,
  };
  const deps: WorkflowDependencies<Name> & { offers: OfferSteps } = {
    steps,
    offers: { ...NOBODY_ANSWERS, ...offers },
    delivery: {
      claim: async () => ({ outcome: 'claimed' }),
      finalize: async () => undefined,
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
  const handler = (
    WORKFLOWS[workflow] as (deps: WorkflowDependencies<Name> & { offers: OfferSteps }) => ReturnType<typeof createWelcomeWorkflow>
  )(deps);
  return { handler, sent };
}
