import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect } from 'vitest';
import type { Configurations } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/offer-pages.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { findEvent, recordEvent, redecideEvent } from '../../src/ingest/event-records.ts';
import type { Sms } from '../../src/messaging/carriers/sms.ts';
import { createDelivery } from '../../src/messaging/deliver-message.ts';
import { createCallbacks } from '../../src/offers/callbacks.ts';
import { createOfferMessages } from '../../src/offers/offer-messages.ts';
import { findOffer } from '../../src/offers/offer-records.ts';
import { retryOffer } from '../../src/offers/retries.ts';
import type { Table } from '../../src/platform/table.ts';
import { isoTime } from '../../src/platform/time.ts';
import { putProfile } from '../../src/profiles/profile-records.ts';
import { DOCUMENTED_STATES } from '../../src/schemas/event/notification-type.ts';
import type { OfferGrant } from '../../src/schemas/offer/offer.ts';
import type { OfferRecord } from '../../src/schemas/offer/offer-record.ts';
import type { Decision, RunOutcome, WorkflowName } from '../../src/schemas/run/workflow.ts';
import type { WorkflowStart } from '../../src/schemas/run/workflow-start.ts';
import { createRunSteps } from '../../src/workflows/engine/run-steps.ts';
import { createOfferSteps } from '../../src/workflows/retention-offer/offer-steps.ts';
import { createRetentionOfferWorkflow } from '../../src/workflows/retention-offer/workflow.ts';
import { httpRequest } from '../cloudformation/minimal-events.ts';
import { published } from './configuration.ts';
import { type Crashes, type CrashPlan, planCrash } from './crashes.ts';
import { type RunOptions, runToTheEnd } from './durable-run.ts';
import { lambdaContext } from './lambda.ts';
import { offer } from './offers.ts';
import { recordedEvent } from './records.ts';
import type { TestTotogi } from './totogi.ts';

const TENANT = 'mvno-example';
const TOKEN = /\/o\/([A-Za-z0-9_-]{22})\b/;
/** How long the client waits for Totogi, in real time. */
const DEADLINE_MILLISECONDS = 150;

/** What an account is offered, how Totogi misbehaves from the acceptance on, and where a process ends. */
export type OfferPlot = {
  account: string;
  grant: OfferGrant;
  template?: string | undefined;
  holdoutPercent?: number | undefined;
  /** Whether the account gets a new plan meanwhile, which is what the offer is for. */
  reachesGoal?: boolean;
  /** Whether the event started nothing when it came, and a replay decided it again. */
  isReplayed?: boolean;
  faults?: object[];
  crash?: CrashPlan;
  /** What the subscriber presses. */
  answer?: 'accept' | 'decline';
};

/** How an offer's run ended, on every side. */
export type OfferEnding = {
  result: RunOutcome;
  record: OfferRecord | undefined;
  /** What Totogi gave: its log of what was done to the account. */
  given: string[];
  subscriptions: { planId: string }[];
  balances: { balanceTypeId: string; value: number }[];
  /** The texts that the carrier took, the offer's own first. */
  texts: string[];
  /** What was done since the acceptance, each effect once. */
  effects: string[];
};

/** An account's offer, from its issue on. */
export type OfferRun = {
  /** Has the offer issued and told of, and runs it to its end: the subscriber presses the link once, as soon as somebody waits for that. */
  run(): Promise<OfferEnding>;
  /** Has operations redeem it again after it was stuck, and runs that to its end. */
  retry(options?: Pick<RunOptions, 'skipToAttempt'>): Promise<OfferEnding>;
};

/** The real run, steps, store and pages of an offer in this process, on the local service's engine, with the local Totogi. */
export async function createOfferRun(table: Table, totogi: TestTotogi, plot: OfferPlot): Promise<OfferRun> {
  const { account, faults = [], crash, answer = 'accept' } = plot;
  const { clock } = totogi;
  const crashes = planCrash(crash);
  const start = await planExpired(table, plot, clock.now());
  const reference = { tenant: TENANT, account, offerId: start.eventId };
  const texts: string[] = [];
  const { deps, pages } = service(table, totogi, { plot, crashes, texts });

  let isPressed = false;
  async function press(): Promise<void> {
    const record = await findOffer(table, reference);
    if (isPressed || record?.callbackId === undefined) return;
    isPressed = true;
    for (const fault of faults) await totogi.control('/faults', fault);
    crashes.arm();
    const token = TOKEN.exec(texts.join(' '))?.[1] ?? '';
    const request = httpRequest({ route: 'POST /o/{token}', path: `/o/${token}`, pathParameters: { token } });
    await crashes.process(() => pages({ ...request, body: `answer=${answer}` } as unknown as APIGatewayProxyEventV2, lambdaContext()));
  }

  async function run(options: Pick<RunOptions, 'skipToAttempt'> = {}): Promise<OfferEnding> {
    const whenWaiting = async () => {
      await press();
      if (plot.reachesGoal) await recordNotification(table, account, 'NewPlanActivated', clock.now());
    };
    const { invocation } = crashes;
    const durableRun = await runToTheEnd(createRetentionOfferWorkflow(deps), start, { ...options, clock, invocation, whenWaiting });
    const path = `/accounts?tenant=${TENANT}&account=${account}`;
    const { records, subscriptions, balances } = (await totogi.control(path)) as unknown as AccountView;
    const given = records.map(({ action }) => action);
    const result = durableRun.result as RunOutcome;
    return { result, record: await findOffer(table, reference), given, subscriptions, balances, texts, effects: crashes.seen() };
  }

  return {
    run: () => run(),
    async retry(options) {
      expect(await retryOffer(table, reference)).toMatchObject({ outcome: 'done', record: { state: 'accepted' } });
      return run(options);
    },
  };
}

type AccountView = Pick<OfferEnding, 'subscriptions' | 'balances'> & { records: { action: string }[] };

type Staging = { plot: OfferPlot; crashes: Crashes; texts: string[] };

/** What the functions of offers work with, each effect a point at which a process may end. */
function service(table: Table, totogi: TestTotogi, { plot, crashes, texts }: Staging) {
  const { now } = totogi.clock;
  const configurations = configuredWith(plot);
  const accountFacts = async () => ({ known: false as const, why: 'not-configured' as const, at: now() });
  // Where the engine is stands in the environment only when the run has started.
  const completeCallback = (callbackId: string) => createCallbacks()(callbackId);
  const carrier = async ({ text }: Sms) => {
    texts.push(text);
    return { outcome: 'accepted' as const, providerMessageId: `provider-${texts.length}` };
  };
  const sms = { send: crashes.within({ carrier }).carrier };
  const email = { send: async () => ({ outcome: 'failed' as const, reason: 'no-email-here' }) };
  const client = totogi.client({ deadlineMilliseconds: DEADLINE_MILLISECONDS });
  const offers = createOfferSteps({ table, configurations, totogi: { forTenant: () => client }, completeCallback, now });
  const steps = createRunSteps('retention-offer', { table, configurations, accountFacts, startExecution: async () => undefined, now });
  const publicUrl = 'https://offers.example';
  const topic = createOfferMessages({ table, publicUrl, now });
  const delivery = createDelivery({ table, configurations, accountFacts, sms, email, publicUrl, topic, now });
  const deps = { offers: crashes.within(offers), steps: crashes.within(steps), delivery: crashes.within(delivery) };
  const pages = createHandler({ table, configurations, ...crashes.within({ completeCallback }), now });
  return { deps, pages };
}

function configuredWith({ grant, template, holdoutPercent }: OfferPlot): Configurations {
  const hours = { default: { from: '00:00', to: '23:59' } };
  const configuration = {
    ...published({ hours, caps: { perDay: 10, perWeek: 50 }, totogi: { region: 'us-east-1' } }),
    templates: {
      'en/retention-offer.sms': { class: 'marketing' as const, text: '{{ kind }} {{ offer }} {{ offerLink }}' },
      'en/offer-redeemed.sms': { class: 'service' as const, text: '{{ offer }} is yours' },
      'en/retention-offer.spring.sms': { class: 'marketing' as const, text: 'spring {{ kind }} {{ offer }} {{ offerLink }}' },
    },
    offers: [offer({ grant, reminderHoursBefore: 24, template, holdoutPercent })],
  };
  return { current: async () => configuration, version: async () => configuration };
}

/** An account whose plan has just ended, and who may be told of offers. */
async function planExpired(table: Table, { account, isReplayed }: OfferPlot, at: number): Promise<WorkflowStart> {
  const eventId = await recordNotification(table, account, 'PlanExpired', at, isReplayed ? [] : ['win-back']);
  const event = await findEvent(table, TENANT, account, eventId);
  const redecision = { start: ['win-back' as const], configuration: 'v-1', at: isoTime(at), replay: 'replay-1' };
  if (isReplayed && event) await redecideEvent(table, event, redecision);
  const consents = { marketing: { sms: { given: true, source: 'test', at: '2026-01-01T00:00:00Z' } } };
  const profile = { phone: '+14155550123', language: 'en', country: 'CI', timeZone: 'Africa/Abidjan', consents };
  await putProfile(table, { tenant: TENANT, account }, profile, { source: 'test', at });
  return { tenant: TENANT, account, eventId };
}

async function recordNotification(
  table: Table,
  account: string,
  type: keyof typeof DOCUMENTED_STATES,
  at: number,
  starts: WorkflowName[] = ['win-back'],
): Promise<string> {
  const occurredAt = new Date(at).toISOString();
  const event = recordedEvent({ type, name: type, state: DOCUMENTED_STATES[type], tenant: TENANT, account, occurredAt });
  const decision: Decision = starts.length > 0 ? { start: starts, configuration: 'v-1' } : { start: [], reason: 'tenant-not-configured' };
  await recordEvent(table, createDayDirectory(table, 1), 1, { ...event, decision });
  return event.id;
}
