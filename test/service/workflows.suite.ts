import { describe, expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

let phones = 0;

type Step = { kind: string; step: string; state: string; at: string; until?: string };
type RunOnTimeline = {
  workflow: string;
  state: string;
  steps: Step[];
  repeats?: number;
  summary: string;
  waits: unknown[];
  notes?: unknown[];
  result?: { outcome: string; reason?: string; endedBy?: string };
  messages: { step: string; state: string; reason?: string; language?: string }[];
};

type Page = { data: { run?: { workflow: string; steps: Step[] } }[]; next: string | null };

/** A subscriber with a profile of their own. */
async function subscriber(account: string, parts: Record<string, unknown> = {}): Promise<string> {
  phones += 1;
  const phone = `+1415555${String(100 + phones).padStart(4, '0')}`;
  const profile = { name: 'Ada', phone, email: `${account}@example.com`, language: 'en', ...parts };
  await service.write(TENANT, `/accounts/${account}/profile`, profile);
  // Totogi knows of no plan's end, and of nobody who may leave: test/service/offers.suite.ts tells of those.
  const known = { tenant: TENANT, account, plans: [], churnScore: 0 };
  await fetch(`${service.apiUrl}/local/totogi/accounts`, { method: 'POST', body: JSON.stringify(known) });
  return account;
}

async function notify(
  account: string,
  name: string,
  state: string,
  parts: { secondsLater?: number; threshold?: number; fields?: unknown; device?: string } = {},
): Promise<void> {
  const invokedAt = new Date(service.now() + (parts.secondsLater ?? 0) * 1_000).toISOString();
  const threshold = parts.threshold === undefined ? {} : { threshold: parts.threshold };
  const information = { name, state, ...threshold, ...(parts.fields === undefined ? {} : { notificationfields: parts.fields }) };
  const event = totogiEvent({ tenant: TENANT, account, device: parts.device, invokedAt, information });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
}

const advance = (seconds: number) => service.advance(seconds);

/** What each of an account's events led to, the oldest first. */
async function runsOf(account: string): Promise<RunOnTimeline[]> {
  const events = await service.list(TENANT, `/accounts/${account}/events`);
  const explanations = await Promise.all(
    events.toReversed().map(({ id }) => service.read(TENANT, `/accounts/${account}/events/${id}/explanation`)),
  );
  // What an offer leads to is told by test/service/offers.suite.ts.
  return explanations.flatMap(({ workflows }) => workflows as RunOnTimeline[]).filter(({ workflow }) => workflow !== 'retention-offer');
}

/** The runs of an account stand as told: `running`, or how they ended. */
function whenRuns(account: string, ...statuses: string[]): Promise<RunOnTimeline[]> {
  const statusOf = (found: RunOnTimeline) => found.result?.outcome ?? found.state;
  return service.settled(
    () => runsOf(account),
    (found) =>
      found.map(statusOf).join() === statuses.join() && found.every(({ messages }) => messages.every(({ state }) => state !== 'claimed')),
  );
}

/** An account's first run has started so many waits. */
async function whenWaiting(account: string, waits = 1): Promise<void> {
  await service.settled(
    () => runsOf(account),
    ([first]) => first?.waits.length === waits,
  );
}

const sentTo = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ template }) => template);
const textsTo = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ text }) => text);

describe('each documented notification leads to the messages of its run, in the language of the subscriber', () => {
  test.each<[string, string, object, string[], string]>([
    ['PlanExpiryWarning', 'warning', {}, ['plan-expiry.sms'], 'running'],
    ['PlanExpired', 'expired', {}, ['win-back.sms'], 'offer-started'],
    ['PlanCancelled', 'cancelled', {}, ['win-back.sms'], 'offer-started'],
    ['PlanRollover', 'rolloverOccured', { fields: { rolloveramount: 2147483648, rollovergraceperiod: '30d' } }, ['rollover.sms'], 'sent'],
    ['OutOfCredit', 'outOfCredit', { threshold: 0 }, ['credit-alert.sms', 'credit-alert.email'], 'sent'],
    ['AccountCreditWarning', 'warning', { threshold: 5 }, ['credit-alert.sms'], 'sent'],
    ['AutoRenewSuccess', 'renewSuccess', {}, ['renewal-succeeded.sms'], 'sent'],
    ['AutoRenewFailure', 'renewFailure', {}, ['renewal-failed.sms', 'renewal-failed.email'], 'running'],
    ['UnitAllowanceThreshold', 'low', { threshold: 50 }, ['low-allowance.sms'], 'sent'],
    ['NewPlanActivated', 'active', { fields: { planid: 'plan-gold' } }, ['welcome.sms', 'welcome.email'], 'sent'],
  ])('%s', async (name, state, parts, templates, status) => {
    const texts: string[][] = [];
    for (const language of ['en', 'es']) {
      const account = await subscriber(`acc-${name}-${language}`, { language });
      await notify(account, name, state, parts);
      await service.settled(
        () => sentTo(account),
        ({ length }) => length === templates.length,
      );
      const [found] = await whenRuns(account, status);
      expect(await sentTo(account)).toEqual(templates);
      expect(found?.messages.map((message) => message.language)).toEqual(templates.map(() => language));
      texts.push(await textsTo(account));
    }
    expect(texts[0]).not.toEqual(texts[1]);
  });
});

describe('plan-expiry', () => {
  test('reminds by email before the end when the plan is still ending; further warnings are part of the episode', async () => {
    const account = await subscriber('acc-expiry-ends');
    await notify(account, 'PlanExpiryWarning', 'warning');
    await whenRuns(account, 'running');
    await notify(account, 'PlanExpiryWarning', 'warning', { secondsLater: 1 });
    await whenRuns(account, 'running', 'part-of-episode');
    await whenWaiting(account);
    await advance(47 * HOUR_SECONDS);
    await service.drain();
    expect(await sentTo(account)).toEqual(['plan-expiry.sms']);
    await advance(HOUR_SECONDS + 2);
    await whenRuns(account, 'completed', 'part-of-episode');
    expect(await sentTo(account)).toEqual(['plan-expiry.sms', 'plan-expiry.email']);
  });

  test('shows its steps and where they stand, in the explanation and on every page of the timeline', async () => {
    const account = await subscriber('acc-expiry-steps');
    const steps = async () => (await runsOf(account))[0]?.steps.map(({ kind, step, state }) => `${kind} ${step} ${state}`);
    await notify(account, 'PlanExpiryWarning', 'warning');
    await whenWaiting(account);
    const [found] = await whenRuns(account, 'running');
    const started = ['start start done', 'finding plan-end done', 'message notice-sms accepted'];
    expect(await steps()).toEqual([...started, 'wait wait-for-reminder waiting']);
    expect(found?.notes).toMatchObject([{ note: 'plan-end', from: 'lead-time', why: 'names-none' }]);
    for (const limit of [1, 2, 3, 100]) {
      const runs: unknown[] = [];
      for (let cursor = ''; ; ) {
        const page = (await service.read(TENANT, `/accounts/${account}/timeline?limit=${limit}${cursor}`)) as Page;
        runs.push(...page.data.flatMap(({ run }) => (run?.workflow === 'plan-expiry' ? [run.steps] : [])));
        if (page.next === null) break;
        cursor = `&cursor=${page.next}`;
      }
      expect(runs).toEqual([found?.steps]);
    }
    await advance(48 * HOUR_SECONDS + 2);
    await whenRuns(account, 'completed');
    expect(await steps()).toEqual([...started, 'wait wait-for-reminder done', 'message reminder-email accepted', 'finish finish done']);
  });

  test.each([
    ['NewPlanActivated', 'active', 'welcome.sms'],
    ['AutoRenewSuccess', 'renewSuccess', 'renewal-succeeded.sms'],
    ['PlanCancelled', 'cancelled', 'win-back.sms'],
  ])('ends without a reminder after %s, and the next warning begins a run of its own', async (name, state, template) => {
    const account = await subscriber(`acc-expiry-${name}`);
    await notify(account, 'PlanExpiryWarning', 'warning');
    // What ends the plan changes what Totogi's account says of its end: the run has asked before.
    await whenWaiting(account);
    await notify(account, name, state, { secondsLater: 1 });
    await service.settled(
      () => sentTo(account),
      (sent) => sent.includes(template),
    );
    await advance(48 * HOUR_SECONDS + 2);
    const [found] = await service.settled(
      () => runsOf(account),
      ([first]) => first?.state === 'finished',
    );
    expect(found?.result).toEqual({ outcome: 'resolved', endedBy: name });
    expect(await sentTo(account)).not.toContain('plan-expiry.email');
    await notify(account, 'PlanExpiryWarning', 'warning');
    await service.settled(
      () => sentTo(account),
      (sent) => sent.filter((sentTemplate) => sentTemplate === 'plan-expiry.sms').length === 2,
    );
  });
});

describe('renewal-failed', () => {
  test('tells once, reminds on its days, and absorbs the repeats', async () => {
    const account = await subscriber('acc-renewal-fails');
    await notify(account, 'AutoRenewFailure', 'renewFailure');
    await service.settled(
      () => sentTo(account),
      ({ length }) => length === 2,
    );
    for (const secondsLater of [1, 2, 3]) await notify(account, 'AutoRenewFailure', 'renewFailure', { secondsLater });
    const [first] = await whenRuns(account, 'running', 'part-of-episode', 'part-of-episode', 'part-of-episode');
    expect(first).toMatchObject({ repeats: 3, summary: expect.stringContaining('3 repeats followed') });
    await whenWaiting(account);
    await advance(2 * DAY_SECONDS + 2);
    await service.settled(
      () => sentTo(account),
      ({ length }) => length === 3,
    );
    await whenWaiting(account, 2);
    await advance(3 * DAY_SECONDS + 2);
    await whenRuns(account, 'completed', 'part-of-episode', 'part-of-episode', 'part-of-episode');
    expect(await sentTo(account)).toEqual(['renewal-failed.sms', 'renewal-failed.email', 'renewal-failed.sms', 'renewal-failed.sms']);
  });

  test('ends with a confirmation when the renewal succeeds, and reminds no more', async () => {
    const account = await subscriber('acc-renewal-works');
    await notify(account, 'AutoRenewFailure', 'renewFailure');
    await service.settled(
      () => sentTo(account),
      ({ length }) => length === 2,
    );
    await notify(account, 'AutoRenewSuccess', 'renewSuccess', { secondsLater: 1 });
    const found = await whenRuns(account, 'running', 'sent');
    expect(found[1]?.messages).toMatchObject([{ step: 'confirmation-sms' }]);
    await whenWaiting(account);
    await advance(5 * DAY_SECONDS + 4);
    await whenRuns(account, 'resolved', 'sent');
    expect(await sentTo(account)).toEqual(['renewal-failed.sms', 'renewal-failed.email', 'renewal-succeeded.sms']);
  });
});

describe('a plan and its renewal are the account’s, whatever device an event names:', () => {
  test('one episode of the failure, and a confirmation that ends it', async () => {
    const account = await subscriber('acc-renewal-devices');
    await notify(account, 'AutoRenewFailure', 'renewFailure', { device: 'device-1' });
    await whenWaiting(account);
    await notify(account, 'AutoRenewFailure', 'renewFailure', { secondsLater: 1, device: 'device-2' });
    await notify(account, 'AutoRenewFailure', 'renewFailure', { secondsLater: 2 });
    await whenRuns(account, 'running', 'part-of-episode', 'part-of-episode');
    await notify(account, 'AutoRenewSuccess', 'renewSuccess', { secondsLater: 3 });
    const found = await whenRuns(account, 'running', 'part-of-episode', 'part-of-episode', 'sent');
    expect(found[3]?.messages).toMatchObject([{ step: 'confirmation-sms' }]);
    expect(await sentTo(account)).toEqual(['renewal-failed.sms', 'renewal-failed.email', 'renewal-succeeded.sms']);
  });

  test('one run of its end', async () => {
    const account = await subscriber('acc-expiry-devices');
    await notify(account, 'PlanExpiryWarning', 'warning');
    await whenWaiting(account);
    await notify(account, 'PlanExpiryWarning', 'warning', { secondsLater: 1, device: 'device-1' });
    await whenRuns(account, 'running', 'part-of-episode');
    expect(await sentTo(account)).toEqual(['plan-expiry.sms']);
  });
});

describe('low-allowance', () => {
  test('gives one message for the thresholds of a quiet period, the most severe, and puts the others on record as merged', async () => {
    const account = await subscriber('acc-quiet');
    await notify(account, 'AllowanceThresholdData', 'warning80', { threshold: 214748364 });
    await notify(account, 'AllowanceThresholdData', 'warning90', { threshold: 107374182, secondsLater: 1 });
    await notify(account, 'AllowanceThresholdData', 'low', { threshold: 53687091, secondsLater: 2 });
    await service.settled(
      () => sentTo(account),
      ({ length }) => length === 1,
    );
    await advance(11 * MINUTE_SECONDS);
    const found = await whenRuns(account, 'merged', 'merged', 'sent');
    expect(found.map(({ messages }) => messages.map(({ state }) => state))).toEqual([['merged'], ['merged'], ['accepted']]);
    expect(await textsTo(account)).toEqual([expect.stringContaining('51 MB')]);
  });

  test('waits out the quiet period when something worse may come, and speaks when nothing did', async () => {
    const account = await subscriber('acc-alone');
    await notify(account, 'AllowanceThresholdData', 'warning80', { threshold: 214748364 });
    await whenWaiting(account);
    expect(await sentTo(account)).toEqual([]);
    await advance(10 * MINUTE_SECONDS + 2);
    await whenRuns(account, 'sent');
    expect(await sentTo(account)).toEqual(['low-allowance.sms']);
  });

  test('says nothing when the counter is good again in time', async () => {
    const account = await subscriber('acc-good');
    await notify(account, 'AllowanceThresholdData', 'warning80', { threshold: 214748364 });
    await whenWaiting(account);
    await notify(account, 'AllowanceThresholdData', 'normal', { secondsLater: 5 });
    await service.settled(
      () => service.list(TENANT, `/accounts/${account}/events`),
      ({ length }) => length === 2,
    );
    await advance(10 * MINUTE_SECONDS + 2);
    await whenRuns(account, 'recovered');
    expect(await sentTo(account)).toEqual([]);
  });
});

describe('credit-alert', () => {
  const runOut = (account: string, secondsLater = 0) => notify(account, 'OutOfCredit', 'outOfCredit', { threshold: 0, secondsLater });

  test('puts both messages of a repeat on record as merged, and tells again after a good state', async () => {
    const account = await subscriber('acc-runs-out-again');
    await runOut(account);
    await whenRuns(account, 'sent');
    await runOut(account, 1);
    const [, repeat] = await whenRuns(account, 'sent', 'merged');
    expect(repeat?.messages).toMatchObject([
      { step: 'notice-email', state: 'merged' },
      { step: 'notice-sms', state: 'merged' },
    ]);
    await notify(account, 'OutOfCredit', 'normal', { secondsLater: 2 });
    await service.settled(
      () => service.list(TENANT, `/accounts/${account}/events`),
      ({ length }) => length === 3,
    );
    await runOut(account, 3);
    await whenRuns(account, 'sent', 'merged', 'sent');
    expect(await sentTo(account)).toHaveLength(4);
  });
});

describe('a message that does not go', () => {
  test('says why, on record', async () => {
    const consents = { service: { sms: { given: false, source: 'test', at: '2026-01-01T00:00:00Z' } } };
    const account = await subscriber('acc-opted-out', { consents });
    await notify(account, 'OutOfCredit', 'outOfCredit', { threshold: 0 });
    const [found] = await whenRuns(account, 'sent');
    expect(found?.messages).toMatchObject([
      { step: 'notice-email', state: 'accepted' },
      { step: 'notice-sms', state: 'not-sent', reason: 'opted-out' },
    ]);
    expect(await sentTo(account)).toEqual(['credit-alert.email']);
  });

  test('stands in the timeline beside those that went, newest event first, each entry once', async () => {
    const account = 'acc-quiet';
    const whole = await service.list(TENANT, `/accounts/${account}/timeline`);
    // An offer's run stands with the event that led to it; whether there is a message follows from what Totogi knows.
    const found = whole.filter((entry) => entry.kind !== 'offer' && !JSON.stringify(entry).includes('retention-offer'));
    expect(found.map(({ kind }) => kind)).toEqual(['message', 'run', 'event', 'message', 'run', 'event', 'message', 'run', 'event']);
    expect(found.flatMap(({ message }) => (message === undefined ? [] : [(message as { state: string }).state]))).toEqual([
      'accepted',
      'merged',
      'merged',
    ]);
    expect(JSON.stringify(whole)).not.toMatch(/\+1415555|@example\.com|Aurora/);
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const { data, next } = (await service.read(TENANT, `/accounts/${account}/timeline?limit=2${cursor}`)) as {
        data: unknown[];
        next: string | null;
      };
      paged.push(...data);
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(paged).toEqual(whole);
  });
});
