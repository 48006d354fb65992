import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Configurations, createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import type { Email } from '../../src/messaging/carriers/email.ts';
import type { Sms, SmsChannel } from '../../src/messaging/carriers/sms.ts';
import { createDelivery } from '../../src/messaging/deliver-message.ts';
import {
  type Delivery,
  type MessageTopic,
  NotPrepared,
  NotSent,
  type OutgoingMessage,
  type SendingRun,
  Throttled,
} from '../../src/messaging/delivery.ts';
import { followLink } from '../../src/messaging/links.ts';
import { liftMarketingPause, pauseMarketing } from '../../src/messaging/marketing-pauses.ts';
import { withOptimisticLock } from '../../src/messaging/marketing-slots.ts';
import { findMessage, keyOf, listMessagesOfAccountSince } from '../../src/messaging/message-records.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { createOfferMessages } from '../../src/offers/offer-messages.ts';
import type { OfferReference } from '../../src/offers/offer-records.ts';
import { acceptOffer } from '../../src/offers/transitions.ts';
import { digest } from '../../src/platform/hash.ts';
import { eraseMessageCopies } from '../../src/profiles/message-copies.ts';
import { putProfile } from '../../src/profiles/profile-records.ts';
import { suppress } from '../../src/profiles/suppressions.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import type { Channel } from '../../src/schemas/message/channel.ts';
import type { SendResult } from '../../src/schemas/message/message.ts';
import type { MessageClass } from '../../src/schemas/message/message-class.ts';
import type { AccountFacts, ReadAccountFacts } from '../../src/schemas/profile/account-facts.ts';
import type { Profile } from '../../src/schemas/profile/profile.ts';
import { emptyReason } from '../../src/workflows/rollover/workflow.ts';
import { notification, published } from '../builders/configuration.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const TENANT = 'mvno-example';
/** 10:00 in Madrid. */
const NOON = Date.UTC(2026, 4, 1, 8);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const run: SendingRun = { owner: 'arn:run-1', configuration: 'v-1' };
const other: SendingRun = { ...run, owner: 'arn:run-2' };
const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };

const nothingKnown: ReadAccountFacts = async () => ({ known: false, why: 'not-configured', at: now });

let database: TestTable;
let now = NOON;
let attempted: { sms: Sms[]; email: Email[] } = { sms: [], email: [] };

const words = '{{ brand }} {{ type }} {{ level }} {{ unit }} {{ counts }} {{ amount }}';
const templateOf = (messageClass: MessageClass, text: string, parts: object = {}) => ({ class: messageClass, text, ...parts });
const mail = (messageClass: MessageClass, text = 'Hello {{ name }}.\n\nYour {{ kind }}.') =>
  templateOf(messageClass, text, { subject: 'To {{ name }}' });

/** A template for each thing that may happen, under the workflows' names. */
const templates = {
  'en/low-allowance.sms': templateOf('service', `EN ${words}`, { dltTemplateId: '1107' }),
  'es/low-allowance.sms': templateOf('service', `ES ${words}`),
  'en/low-allowance.email': mail('service'),
  'en/credit-alert.sms': templateOf('service', '{% for i in (1..400) %}wörds {% endfor %}'),
  'en/credit-alert.email': mail('regulatory'),
  'en/win-back.sms': templateOf('marketing', 'Come back!'),
  'en/win-back.email': mail('marketing', 'Come back.\n\nNo more of this: {{ unsubscribe }}'),
  'en/retention-offer.sms': templateOf('marketing', '{{ offer }}: {{ offerLink }}'),
  'en/welcome.email': mail('marketing', 'Come back, for ever.'),
  'en/welcome.sms': templateOf('service', 'Hello.{% if name == "Zoe" %}{{ brand.colour }}{% endif %}'),
  'en/rollover.sms': templateOf('regulatory', 'Roaming € notice'),
};
/** Texts of this file go to few numbers, within moments. */
const MANY = { perHour: 1_000, perDay: 1_000 };
const settings = {
  senderId: 'EXAMPLE',
  sms: {
    countries: ['ES', 'US', 'GB', 'IN'],
    limits: { number: MANY, account: MANY },
    senderIds: { ES: 'EJEMPLO' },
    maxPriceUsd: 0.1,
    dltEntityId: '1101',
  },
  email: {
    from: { service: 'Example <care@example.net>', marketing: 'news@example.net' },
    configurationSets: { service: 'service-mail', marketing: 'marketing-mail' },
  },
  hours: { countries: { ES: { from: '09:00', to: '21:00' } } },
};

beforeAll(async () => {
  database = await openTestTable();
  const publish = (version: string, parts: object) =>
    publishConfiguration(database.table, { ...published(settings), templates, version, ...parts }, new Date(NOON));
  await publish('v-1', { offers: [offer({ validHours: 48 })] });
  await publish('v-bare', { templates: {} });
  const inTotogi = published({ ...settings, contacts: ['profile', { customProperties: { phone: 'contact.phone' } }, 'device'] });
  await publish('v-totogi', { configuration: inTotogi.configuration });
  await publish('v-device-first', { configuration: published({ ...settings, contacts: ['device', 'profile'] }).configuration });
});
afterAll(() => database.close());
beforeEach(() => {
  now = NOON;
  attempted = { sms: [], email: [] };
});

function delivery(
  parts: {
    publicUrl?: undefined;
    configurations?: Configurations;
    sms?: SmsChannel;
    accountFacts?: ReadAccountFacts;
    topic?: MessageTopic;
  } = {},
): Delivery {
  const { table } = database;
  const taking = <Message>(into: Message[]) => ({
    async send(message: Message): Promise<SendResult> {
      into.push(message);
      return accepted;
    },
  });
  const publicUrl = 'publicUrl' in parts ? undefined : 'https://messages.example.com';
  const channels = { sms: parts.sms ?? taking<Sms>(attempted.sms), email: taking<Email>(attempted.email) };
  const { configurations = createConfigurations(table, () => now), accountFacts = nothingKnown, topic } = parts;
  return createDelivery({ table, configurations, accountFacts, now: () => now, publicUrl, topic, ...channels });
}

type About = {
  account: string;
  profile?: Profile;
  device?: string;
  channel?: Channel;
  workflow?: OutgoingMessage['workflow'];
  at?: number;
  sent?: object;
  emptyReason?: OutgoingMessage['emptyReason'];
};

/** Records a low counter of an account and names a message about it. */
async function about({
  account,
  profile,
  device,
  channel = 'sms',
  workflow = 'low-allowance',
  at = NOON,
  sent = {},
  emptyReason,
}: About): Promise<OutgoingMessage> {
  const low = notification({ account, device, threshold: 1_048_576, occurredAt: new Date(at).toISOString(), ...sent });
  const event = { id: eventId(low), notification: low, receivedAt: low.occurredAt, decision: { start: [] }, original: undefined };
  await recordEvent(database.table, createDayDirectory(database.table, 8), 8, event);
  if (profile) await putProfile(database.table, { tenant: TENANT, account }, profile, { source: 'test', at: NOON });
  return {
    tenant: TENANT,
    account,
    eventId: event.id,
    workflow,
    step: `notice-${channel}`,
    channel,
    kind: 'notice',
    ...(emptyReason && { emptyReason }),
  };
}

const rolledOver = (rolloveramount: string) => ({
  type: 'PlanRollover',
  name: 'PlanRollover',
  state: 'rolloverOccured',
  fields: { rolloveramount },
});
const onRecord = (message: OutgoingMessage) => findMessage(database.table, message);
const given = (at = '2026-01-01T00:00:00Z') => ({ given: true, source: 'test', at });
const phone = '+34600000001';
const madrid: Profile = { phone, email: 'ada@example.com', country: 'ES', timeZone: 'Europe/Madrid' };
const consenting: Profile = { ...madrid, consents: { marketing: { sms: given(), email: given() } } };

describe('a claim', () => {
  test("is the text as it will be sent, in the profile's language, to the profile's number, with what makes its price", async () => {
    const message = await about({ account: 'acc-es', profile: { phone, language: 'es-MX' }, device: '14155550100' });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
    const { kind, ...reference } = message;
    expect(await onRecord(message)).toEqual({
      ...reference,
      ...run,
      template: 'low-allowance.sms',
      state: 'claimed',
      class: 'service',
      language: 'es',
      to: phone,
      text: 'ES Example CounterThreshold critical bytes remaining 1 MB',
      sender: 'EJEMPLO',
      parts: 1,
      encoding: 'GSM-7',
      claimedAt: new Date(NOON).toISOString(),
    });
  });

  test('of an email has its words, and the sender of its class', async () => {
    const message = await about({ account: 'acc-mail', profile: { email: 'ada@example.com', name: 'Ada' }, channel: 'email' });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
    expect(await onRecord(message)).toMatchObject({
      state: 'claimed',
      template: 'low-allowance.email',
      to: 'ada@example.com',
      sender: 'Example <care@example.net>',
      subject: 'To Ada',
      text: 'Hello Ada.\n\nYour notice.',
      html: expect.stringContaining('<p>Hello Ada.</p>'),
    });
  });

  test('speaks the language of the tenant where the profile wants one that nobody wrote, and that of the device first', async () => {
    const profile: Profile = { phone: '+14155550101', language: 'fr', devices: { 'sim-2': { language: 'es' } } };
    const message = await about({ account: 'acc-fr', profile });
    await delivery().claim(message, run);
    expect(await onRecord(message)).toMatchObject({ text: expect.stringMatching(/^EN /), sender: 'EXAMPLE' });
    const ofDevice = await about({ account: 'acc-fr', device: 'sim-2' });
    await delivery().claim(ofDevice, run);
    expect((await onRecord(ofDevice))?.language).toBe('es');
  });

  test('looks for contacts in the order that the tenant set', async () => {
    const message = await about({ account: 'acc-order', profile: { phone }, device: '14155550100' });
    await delivery().claim(message, { ...run, configuration: 'v-device-first' });
    expect((await onRecord(message))?.to).toBe('+14155550100');
  });

  test.each<[string, string, Omit<About, 'account'> & { configuration?: string; publicUrl?: undefined }]>([
    ['no-contact', 'no number anywhere', {}],
    ['no-contact', 'an account without email', { profile: { phone }, channel: 'email' }],
    ['no-template', 'a template that nobody wrote', { profile: { phone }, configuration: 'v-bare' }],
    ['no-sender', 'a class without a From address', { profile: madrid, channel: 'email', workflow: 'credit-alert' }],
    [
      'no-unsubscribe-link',
      'marketing with words that show no link to unsubscribe',
      { profile: consenting, channel: 'email', workflow: 'welcome' },
    ],
    [
      'no-unsubscribe-link',
      'marketing of a service that does not know where its pages are',
      { profile: consenting, channel: 'email', workflow: 'win-back', publicUrl: undefined },
    ],
    ['too-long', 'more words than a carrier takes', { profile: { phone }, workflow: 'credit-alert' }],
    ['template-failed', 'a template that fails for this subscriber alone', { profile: { phone, name: 'Zoe' }, workflow: 'welcome' }],
    ['nothing-rolled-over', 'a rollover of 0', { profile: { phone }, workflow: 'rollover', sent: rolledOver('0 MB'), emptyReason }],
    ['opted-out', 'an opt-out', { profile: { phone, consents: { service: { sms: { ...given(), given: false } } } } }],
    ['no-consent', 'marketing to somebody who was never asked', { profile: madrid, workflow: 'win-back' }],
    ['location-unknown', 'marketing to nobody knows where', { profile: { phone, consents: consenting.consents }, workflow: 'win-back' }],
  ])('is refused as %s, on record and again: %s', async (reason, what, { configuration = 'v-1', ...parts }) => {
    const message = await about({ account: `acc-${reason}-${what.length}`, ...parts });
    const sendingRun = { ...run, configuration };
    expect(await delivery(parts).claim(message, sendingRun)).toEqual({ outcome: 'not-sent', reason });
    expect(await onRecord(message)).toMatchObject({ state: 'not-sent', reason });
    expect(await onRecord(message)).not.toHaveProperty('to');
    expect(await delivery().claim(message, sendingRun)).toEqual({ outcome: 'not-sent', reason });
  });

  test('on a suppressed address is refused, unless the law wants it sent', async () => {
    const since = { reason: 'hard-bounce', at: new Date(NOON).toISOString() };
    await suppress(database.table, TENANT, 'email', 'gone@example.com', since);
    await suppress(database.table, TENANT, 'sms', '+34600000009', since);
    const profile = { phone: '+34600000009', email: 'gone@example.com' };
    const service = await about({ account: 'acc-suppressed', profile, channel: 'email' });
    expect(await delivery().claim(service, run)).toEqual({ outcome: 'not-sent', reason: 'address-suppressed' });
    const regulatory = await about({ account: 'acc-suppressed', workflow: 'rollover' });
    expect(await delivery().claim(regulatory, run)).toEqual({ outcome: 'claimed' });
  });

  test('made again by its own run stands as it was, and by another run is refused', async () => {
    const message = await about({ account: 'acc-again', profile: { phone: '+14155550101' } });
    await delivery().claim(message, run);
    await putProfile(database.table, { tenant: TENANT, account: 'acc-again' }, { phone: '+14155550102' }, { source: 'test', at: NOON });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
    expect(await delivery().claim(message, other)).toEqual({ outcome: 'not-sent', reason: 'claimed-by-another-run' });
    expect(await onRecord(message)).toMatchObject({ to: '+14155550101', owner: 'arn:run-1' });
  });

  test('made by many at once is had by one', async () => {
    const message = await about({ account: 'acc-race', profile: { phone } });
    const runs = Array.from({ length: 8 }, (_, index) => ({ ...run, owner: `arn:run-${index}` }));
    const claims = await Promise.all(runs.map((sendingRun) => delivery().claim(message, sendingRun)));
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
  });
});

describe('a message that is held', () => {
  const NIGHT = NOON + 14 * HOUR;
  const OPENING = '2026-05-02T07:00:00.000Z';

  async function heldMessage(account: string, profile = consenting) {
    now = NIGHT;
    const message = await about({ account, profile, workflow: 'win-back' });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'held', until: OPENING, waitSeconds: 9 * 3_600 });
    return message;
  }

  test('waits for the window, on record and without the words, and is claimed as things are then', async () => {
    const message = await heldMessage('acc-held');
    expect(await onRecord(message)).toMatchObject({ state: 'held', heldUntil: OPENING, class: 'marketing' });
    expect(await onRecord(message)).not.toHaveProperty('text');
    expect(await delivery().claim(message, run)).toMatchObject({ outcome: 'held', waitSeconds: 9 * 3_600 });
    now = Date.parse(OPENING) - 1;
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'held', until: OPENING, waitSeconds: 1 });
    now = Date.parse(OPENING);
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
    expect(await onRecord(message)).toMatchObject({ state: 'claimed', text: 'Come back!', claimedAt: OPENING });
    expect(await onRecord(message)).not.toHaveProperty('heldUntil');
  });

  test('is not sent when its number was suppressed meanwhile', async () => {
    const own = '+34600000077';
    const message = await heldMessage('acc-changed', { ...consenting, phone: own });
    await suppress(database.table, TENANT, 'sms', own, { reason: 'hard-bounce', at: OPENING });
    now = Date.parse(OPENING);
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'not-sent', reason: 'address-suppressed' });
    expect(await delivery().send(message)).toEqual({ outcome: 'failed', reason: 'not-claimed' });
  });

  test('is not sent when marketing was stopped meanwhile, for the tenant or for all, and goes once that is lifted', async () => {
    for (const stopped of [TENANT, '-']) {
      const message = await heldMessage(`acc-stopped-for-${stopped}`);
      await pauseMarketing(database.table, stopped, { reason: 'a test', cause: 'operations', by: 'somebody', at: now });
      now = Date.parse(OPENING);
      expect(await delivery().claim(message, run)).toEqual({ outcome: 'not-sent', reason: 'marketing-paused' });
      await liftMarketingPause(database.table, stopped, { by: 'somebody', at: now });
    }
    const message = await heldMessage('acc-lifted');
    now = Date.parse(OPENING);
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
  });

  test('belongs to its run: no other one claims or withdraws it', async () => {
    const message = await heldMessage('acc-owned');
    now = Date.parse(OPENING);
    expect(await delivery().claim(message, other)).toEqual({ outcome: 'not-sent', reason: 'claimed-by-another-run' });
    await delivery().withdraw(message, other);
    expect(await onRecord(message)).toMatchObject({ state: 'held', owner: run.owner });
  });

  test('that is true no more is withdrawn, however often, and cannot be claimed', async () => {
    const message = await heldMessage('acc-withdrawn');
    await delivery().withdraw(message, run);
    await delivery().withdraw(message, run);
    expect(await onRecord(message)).toMatchObject({ state: 'not-sent', reason: 'obsolete', class: 'marketing', language: 'en' });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'not-sent', reason: 'obsolete' });
  });
});

test('a message that another says too is merged into it, and a claimed one is not', async () => {
  const message = await about({ account: 'acc-merged', profile: { phone } });
  await delivery().merge(message, run, '01KKNTQ0YNEYYDECQM1ACT93CY');
  expect(await onRecord(message)).toMatchObject({
    state: 'merged',
    mergedInto: '01KKNTQ0YNEYYDECQM1ACT93CY',
    template: 'low-allowance.sms',
  });
  expect(await delivery().claim(message, run)).toEqual({ outcome: 'not-sent', reason: 'merged' });
  const claimed = await about({ account: 'acc-claimed', profile: { phone } });
  await delivery().claim(claimed, run);
  await delivery().merge(claimed, run, '01KKNTQ0YNEYYDECQM1ACT93CY');
  await delivery().withdraw(claimed, run);
  expect(await onRecord(claimed)).toMatchObject({ state: 'claimed' });
});

describe('marketing', () => {
  test('is capped across workflows and channels by what went, or may have gone', async () => {
    const text = await about({ account: 'acc-caps', profile: consenting, workflow: 'win-back' });
    const email = await about({ account: 'acc-caps', channel: 'email', workflow: 'win-back' });
    const service = await about({ account: 'acc-caps' });
    expect(await delivery().claim(service, run)).toEqual({ outcome: 'claimed' });
    expect(await delivery().claim(text, run)).toEqual({ outcome: 'claimed' });
    expect(await delivery().claim(email, run)).toEqual({ outcome: 'not-sent', reason: 'daily-cap-reached' });
  });

  test('that failed counts for nothing, and what is a week old no more', async () => {
    const message = (at: number) => about({ account: 'acc-week', profile: consenting, workflow: 'win-back', at });
    const failed = await message(NOON);
    await delivery().claim(failed, run);
    await delivery().finalize(failed, { outcome: 'failed', reason: 'Throttling' });
    for (const days of [0, 1, 2]) {
      now = NOON + days * DAY + 1;
      expect(await delivery().claim(await message(now), run)).toEqual({ outcome: 'claimed' });
    }
    now = NOON + 3 * DAY;
    expect(await delivery().claim(await message(now), run)).toEqual({ outcome: 'not-sent', reason: 'weekly-cap-reached' });
    now = NOON + 7 * DAY + 1;
    expect(await delivery().claim(await message(now), run)).toEqual({ outcome: 'claimed' });
  });

  test('of one account claimed fifty times within milliseconds goes once, and what was let through is let through again', async () => {
    const messages = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        about({ account: 'acc-caps-race', workflow: 'win-back', at: NOON - index, ...(index === 0 ? { profile: consenting } : {}) }),
      ),
    );
    const claimAll = () => Promise.all(messages.map((message) => delivery().claim(message, run)));
    const claims = await claimAll();
    const counted = Map.groupBy(claims, (claim) => ('reason' in claim ? claim.reason : claim.outcome));
    expect(Object.fromEntries([...counted].map(([what, { length }]) => [what, length]))).toEqual({ claimed: 1, 'daily-cap-reached': 49 });
    expect(await claimAll()).toEqual(claims);
  });

  test('whose claim was cut off after it took its place keeps the place, and takes no second one', async () => {
    const first = await about({ account: 'acc-place', profile: consenting, workflow: 'win-back' });
    const second = await about({ account: 'acc-place', workflow: 'win-back', at: NOON - 1 });
    const decide = () => ({ verdict: 'allow' });
    for (const _attempt of [1, 2]) await withOptimisticLock(database.table, { message: first, at: NOON, decide });
    expect(await delivery().claim(second, run)).toEqual({ outcome: 'not-sent', reason: 'daily-cap-reached' });
    expect(await delivery().claim(first, run)).toEqual({ outcome: 'claimed' });
    await delivery().finalize(first, { outcome: 'failed', reason: 'throttled' });
    const third = await about({ account: 'acc-place', workflow: 'win-back', at: NOON - 2 });
    expect(await delivery().claim(third, run)).toEqual({ outcome: 'claimed' });
  });

  test('is counted by when it went, however old the event that it is about', async () => {
    const old = await about({ account: 'acc-old', profile: consenting, workflow: 'win-back', at: NOON - 50 * DAY });
    await delivery().claim(old, run);
    const found = await listMessagesOfAccountSince(database.table, TENANT, 'acc-old', NOON - 7 * DAY);
    expect(found.map(({ eventId: id }) => id)).toEqual([old.eventId]);
    expect(await listMessagesOfAccountSince(database.table, TENANT, 'acc-old', NOON + 1)).toEqual([]);
  });
});

describe('what the tenant publishes while a run goes on', () => {
  /** The versions on record, of which another one is in force by now. */
  const whileInForce = (parts: Parameters<typeof published>[0] | undefined) => {
    const current = async () =>
      parts === undefined ? undefined : { ...published({ ...settings, ...parts }), templates: {}, version: 'v-today' };
    return delivery({ configurations: { ...createConfigurations(database.table, () => now), current } });
  };
  const texted = { phone: '+447400123456' };

  test('of countries and numbers of texts holds at once, and its words not', async () => {
    const narrow = { sms: { ...settings.sms, countries: ['US'] } };
    const refused = await about({ account: 'acc-narrowed', profile: texted });
    expect(await whileInForce(narrow).claim(refused, run)).toEqual({ outcome: 'not-sent', reason: 'country-not-allowed' });

    const few = { sms: { ...settings.sms, limits: { number: MANY, account: { perHour: 1, perDay: 1 } } } };
    const [first, second] = [await about({ account: 'acc-fewer', profile: texted }), await about({ account: 'acc-fewer', at: NOON - 1 })];
    expect(await whileInForce(few).claim(first, run)).toEqual({ outcome: 'claimed' });
    expect(await whileInForce(few).claim(second, run)).toEqual({ outcome: 'not-sent', reason: 'account-limit' });
    expect(await onRecord(first)).toMatchObject({ configuration: 'v-1', text: expect.stringMatching(/^EN /) });
  });

  test('of hours and caps of marketing holds at once', async () => {
    const message = await about({ account: 'acc-hours', profile: consenting, workflow: 'win-back' });
    const later = { hours: { countries: { ES: { from: '12:00', to: '21:00' } } } };
    expect(await whileInForce(later).claim(message, run)).toMatchObject({ outcome: 'held', until: '2026-05-01T10:00:00.000Z' });
    expect(await whileInForce({ caps: { perDay: 0, perWeek: 0 } }).claim(message, run)).toEqual({
      outcome: 'not-sent',
      reason: 'daily-cap-reached',
    });
  });

  test('of a price holds for what was claimed before, and so do countries once the policy is asked again', async () => {
    const cheap = { sms: { ...settings.sms, maxPriceUsd: 0.02 } };
    const message = await about({ account: 'acc-cheap', profile: texted });
    await delivery().claim(message, run);
    await whileInForce(cheap).send(message);
    expect(attempted.sms).toMatchObject([{ maxPriceUsd: 0.02 }]);

    const waiting = await about({ account: 'acc-claimed', profile: texted });
    await delivery().claim(waiting, run);
    now = NOON + 61_000;
    const narrow = { sms: { ...settings.sms, countries: ['US'] } };
    expect(await whileInForce(narrow).send(waiting)).toEqual({ outcome: 'failed', reason: 'country-not-allowed' });
  });

  test('is nothing where none is in force: the version of the run holds', async () => {
    const message = await about({ account: 'acc-none-in-force', profile: texted });
    expect(await whileInForce(undefined).claim(message, run)).toEqual({ outcome: 'claimed' });
    await whileInForce(undefined).send(message);
    expect(attempted.sms).toMatchObject([{ maxPriceUsd: 0.1 }]);
  });
});

describe('a claimed message', () => {
  test('is handed over as it was claimed, and leads back from its receipt', async () => {
    const message = await about({ account: 'acc-sent', profile: { phone: '+14155550101' } });
    await delivery().claim(message, run);
    expect(await delivery().send(message)).toEqual(accepted);
    await delivery().finalize(message, accepted);
    const stored = await onRecord(message);
    const text = { to: stored?.to, text: stored?.text, senderId: 'EXAMPLE', messageClass: 'service', maxPriceUsd: 0.1, dlt: undefined };
    expect(attempted).toEqual({ sms: [text], email: [] });
    expect(stored).toMatchObject({ state: 'accepted', providerMessageId: 'provider-1', finalizedAt: new Date(NOON).toISOString() });
    const Key = { pk: `LOOKUP#receipt#${digest('provider-1').toString('hex')}`, sk: 'TARGET' };
    const { Item } = await database.table.client.send(new GetCommand({ TableName: database.table.name, Key }));
    expect(Item).toMatchObject({ targetPk: expect.stringContaining('acc-sent'), targetSk: expect.stringMatching(/^MESSAGE#/) });
  });

  test('to India names what is registered there', async () => {
    const message = await about({ account: 'acc-in', profile: { phone: '+919876543210' } });
    await delivery().claim(message, run);
    await delivery().send(message);
    expect(attempted.sms).toMatchObject([{ dlt: { entityId: '1101', templateId: '1107' } }]);
  });

  test('by email goes with the configuration set of its class and an id that names nobody', async () => {
    const message = await about({ account: '34600000001', profile: { email: 'ada@example.com' }, channel: 'email' });
    await delivery().claim(message, run);
    await delivery().send(message);
    expect(attempted.email).toMatchObject([
      { from: 'Example <care@example.net>', configurationSet: 'service-mail', unsubscribeUrl: undefined },
    ]);
    expect(attempted.email[0]?.messageId).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of marketing can be unsubscribed from by a link that leads to it', async () => {
    const message = await about({ account: 'acc-link', profile: consenting, channel: 'email', workflow: 'win-back' });
    await delivery().claim(message, run);
    await delivery().send(message);
    const token = /^https:\/\/messages\.example\.com\/u\/([A-Za-z0-9_-]{22})$/.exec(attempted.email[0]?.unsubscribeUrl ?? '')?.[1] ?? '';
    expect(await followLink(database.table, { kind: 'unsubscribe', token }, now)).toEqual({ target: keyOf(message) });
    const link = `https://messages.example.com/u/${token}`;
    expect(attempted.email).toMatchObject([
      {
        configurationSet: 'marketing-mail',
        text: `Come back.\n\nNo more of this: ${link}`,
        html: expect.stringContaining(`<p>No more of this: <a href="${link}">${link}</a></p>`),
      },
    ]);
    expect(JSON.stringify(await onRecord(message))).not.toContain(token);
  });

  test.each<[string, (message: OutgoingMessage) => Promise<unknown>, SendResult]>([
    [
      'was erased with its profile',
      ({ account }) => eraseMessageCopies(database.table, TENANT, account),
      { outcome: 'failed', reason: 'erased' },
    ],
    ['is under way already', (message) => delivery().send(message), { outcome: 'unknown', reason: 'interrupted' }],
    ['was settled', (message) => delivery().finalize(message, accepted), { outcome: 'failed', reason: 'not-claimed' }],
  ])('that %s is not handed over', async (what, before, result) => {
    const message = await about({ account: `acc-not-${what.length}`, profile: { phone } });
    await delivery().claim(message, run);
    await before(message);
    attempted.sms = [];
    expect(await delivery().send(message)).toEqual(result);
    expect(attempted.sms).toEqual([]);
  });

  test('handed over by many at once goes once', async () => {
    const message = await about({ account: 'acc-twice', profile: { phone } });
    await delivery().claim(message, run);
    const results = await Promise.all(Array.from({ length: 5 }, () => delivery().send(message)));
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(attempted.sms).toHaveLength(1);
  });

  test('that was never claimed is not handed over', async () => {
    const message = await about({ account: 'acc-gone', profile: { phone } });
    expect(await delivery().send(message)).toEqual({ outcome: 'failed', reason: 'not-claimed' });
    expect(attempted.sms).toEqual([]);
  });

  test('whose records do not answer is not handed over, and can be when they do', async () => {
    const message = await about({ account: 'acc-outage', profile: { phone } });
    await delivery().claim(message, run);
    const down = async () => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
    await expect(delivery({ configurations: { current: down, version: down } }).send(message)).rejects.toThrow(NotSent);
    expect(attempted.sms).toEqual([]);
    expect(await delivery().send(message)).toEqual(accepted);
  });

  test('that a fault of ours stops before it is sent is not sent, and the error says which fault', async () => {
    const message = await about({ account: 'acc-fault', profile: { phone } });
    await delivery().claim(message, run);
    const fault = new TypeError('fault');
    const faulty = async () => Promise.reject(fault);
    const sending = delivery({ configurations: { current: faulty, version: faulty } }).send(message);
    await expect(sending).rejects.toThrow(expect.objectContaining({ name: 'NotPrepared', cause: fault }));
    await expect(sending).rejects.toBeInstanceOf(NotPrepared);
    expect(attempted.sms).toEqual([]);
  });

  test('whose carrier is not reached goes when it is', async () => {
    const message = await about({ account: 'acc-unreachable', profile: { phone } });
    await delivery().claim(message, run);
    const unreachable = { sms: { send: async () => ({ outcome: 'unreachable' as const, reason: 'ECONNREFUSED' }) } };
    for (const _attempt of [1, 2]) await expect(delivery(unreachable).send(message)).rejects.toThrow(NotSent);
    expect(await onRecord(message)).toMatchObject({ state: 'claimed', postponedFor: 'ECONNREFUSED' });
    expect(await delivery().send(message)).toEqual(accepted);
  });

  test('of marketing that the carrier took no more of goes later only while its hours last, and only to who still wants it', async () => {
    const throttling = { sms: { send: async () => ({ outcome: 'throttled' as const, reason: 'Throttling' }) } };
    const late = await about({ account: 'acc-late', profile: consenting, workflow: 'win-back' });
    await delivery().claim(late, run);
    await expect(delivery(throttling).send(late)).rejects.toThrow(Throttled);
    expect(await onRecord(late)).toMatchObject({ state: 'claimed', postponedFor: 'Throttling' });
    now = NOON + 14 * HOUR;
    expect(await delivery().send(late)).toEqual({ outcome: 'failed', reason: 'outside-hours' });
    now = NOON;
    const unwilling = await about({ account: 'acc-unwilling', profile: consenting, workflow: 'win-back' });
    await delivery().claim(unwilling, run);
    await expect(delivery(throttling).send(unwilling)).rejects.toThrow(Throttled);
    now = NOON + HOUR;
    const consents = { marketing: { sms: { given: false, source: 'test', at: new Date(now).toISOString() } } };
    await putProfile(
      database.table,
      { tenant: TENANT, account: 'acc-unwilling' },
      { ...consenting, consents },
      { source: 'test', at: now },
    );
    expect(await delivery().send(unwilling)).toEqual({ outcome: 'failed', reason: 'opted-out' });
    expect(attempted.sms).toEqual([]);
  });

  test('that may have gone before it was not to go any more is unknown, and does not go again', async () => {
    const message = await about({ account: 'acc-gone-before', profile: consenting, workflow: 'win-back' });
    await delivery().claim(message, run);
    expect(await delivery().send(message)).toEqual(accepted);
    now = NOON + 14 * HOUR;
    expect(await delivery().send(message)).toEqual({ outcome: 'unknown', reason: 'interrupted' });
    expect(attempted.sms).toHaveLength(1);
  });

  test('that was not to go any more does not go later', async () => {
    const message = await about({ account: 'acc-not-again', profile: consenting, workflow: 'win-back' });
    await delivery().claim(message, run);
    now = NOON + 14 * HOUR;
    expect(await delivery().send(message)).toEqual({ outcome: 'failed', reason: 'outside-hours' });
    now = NOON + 24 * HOUR;
    expect(await delivery().send(message)).toEqual({ outcome: 'unknown', reason: 'interrupted' });
    expect(attempted.sms).toEqual([]);
  });

  test.each([
    ['ended meanwhile', 2 * DAY, async () => undefined],
    [
      'was accepted meanwhile',
      HOUR,
      (templateOf: OfferReference) => acceptOffer(database.table, templateOf, { by: 'link', via: 'email', at: now }),
    ],
  ])('of an offer that the carrier took no more of goes only while the offer can be accepted: one %s', async (what, later, happens) => {
    const notice = await about({ account: `acc-offered-${later}`, profile: consenting, workflow: 'retention-offer' });
    const { tenant, account, eventId: offerId } = notice;
    const templateOf = { tenant, account, offerId, configuration: 'v-1' };
    await issueOffer(database.table, templateOf, { offer: offer({ validHours: 48 }), heldOut: false }, NOON);
    const topic = createOfferMessages({ table: database.table, publicUrl: 'https://messages.example.com', now: () => now });
    expect(await delivery({ topic }).claim(notice, run)).toMatchObject({ outcome: 'claimed' });
    now = NOON + HOUR / 2;
    const throttling = { topic, sms: { send: async () => ({ outcome: 'throttled' as const, reason: 'Throttling' }) } };
    await expect(delivery(throttling).send(notice), what).rejects.toThrow(Throttled);
    now = NOON + later;
    await happens(templateOf);
    expect(await delivery({ topic }).send(notice)).toEqual({ outcome: 'failed', reason: 'obsolete' });
    expect(attempted.sms).toEqual([]);
  });

  test('keeps its first outcome, and is settled once', async () => {
    const message = await about({ account: 'acc-settled', profile: { phone } });
    await delivery().claim(message, run);
    const unknown: SendResult = { outcome: 'unknown', reason: 'interrupted' };
    for (const result of [unknown, unknown, accepted]) await delivery().finalize(message, result);
    expect(await onRecord(message)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
    expect(await delivery().claim(message, run)).toEqual({ outcome: 'claimed' });
  });
});

describe("a contact in Totogi's account", () => {
  const sendingRun = { ...run, configuration: 'v-totogi' };
  const knowing =
    (customProperties: Record<string, unknown>): ReadAccountFacts =>
    async () => ({
      known: true,
      facts: { timeZone: 'UTC', churnScore: undefined, lifecycleState: undefined, plans: [], customProperties },
      at: now - 30_000,
    });
  const silent =
    (why: Extract<AccountFacts, { known: false }>['why']): ReadAccountFacts =>
    async () => ({ known: false, why, at: now });

  test('is where the message goes, and the record says how old it is', async () => {
    const message = await about({ account: 'acc-in-totogi' });
    const there = delivery({ accountFacts: knowing({ contact: { phone: '+34600000078' } }) });
    expect(await there.claim(message, sendingRun)).toEqual({ outcome: 'claimed' });
    const askedTotogi = { answer: 'known', at: new Date(now - 30_000).toISOString() };
    expect(await onRecord(message)).toMatchObject({ state: 'claimed', to: '+34600000078', askedTotogi });
  });

  test('is not asked for where the profile has one', async () => {
    const message = await about({ account: 'acc-profile-first', profile: { phone } });
    const never: ReadAccountFacts = () => expect.fail('Totogi was asked.');
    await delivery({ accountFacts: never }).claim(message, sendingRun);
    expect(await onRecord(message)).toMatchObject({ to: phone });
    expect(await onRecord(message)).not.toHaveProperty('askedTotogi');
  });

  test('is done without where Totogi is silent and the subscriber is known elsewhere', async () => {
    const message = await about({ account: 'acc-elsewhere', device: '14155550123' });
    expect(await delivery({ accountFacts: silent('unreachable') }).claim(message, sendingRun)).toEqual({ outcome: 'claimed' });
    expect(await onRecord(message)).toMatchObject({ to: '+14155550123', askedTotogi: { answer: 'unreachable' } });
  });

  test('is waited for where there is no other, on record, and used once Totogi answers', async () => {
    const message = await about({ account: 'acc-waits' });
    const down = delivery({ accountFacts: silent('unreachable') });
    const held = { outcome: 'held', until: new Date(NOON + 60_000).toISOString(), waitSeconds: 60 };
    expect(await down.claim(message, sendingRun)).toEqual(held);
    expect(await onRecord(message)).toMatchObject({ state: 'held', reason: 'contact-unreachable', askedTotogi: { answer: 'unreachable' } });
    now = NOON + 4 * HOUR;
    expect(await down.claim(message, sendingRun)).toMatchObject({ outcome: 'held', waitSeconds: 1_800 });
    now = NOON + 5 * HOUR;
    expect(await delivery({ accountFacts: knowing({ contact: { phone } }) }).claim(message, sendingRun)).toEqual({ outcome: 'claimed' });
    const since = new Date(NOON).toISOString();
    expect(await onRecord(message)).toMatchObject({ state: 'claimed', to: phone, contactAwaitedSince: since });
    expect(await onRecord(message)).not.toHaveProperty('reason');
  });

  test('is given up when it is news no more', async () => {
    const message = await about({ account: 'acc-gives-up' });
    const down = delivery({ accountFacts: silent('unreachable') });
    await down.claim(message, sendingRun);
    now = NOON + 49 * HOUR;
    expect(await down.claim(message, sendingRun)).toEqual({ outcome: 'not-sent', reason: 'contact-unreachable' });
  });

  test('is not waited for where Totogi answers that there is none', async () => {
    const unknown = await about({ account: 'acc-unknown' });
    const there = delivery({ accountFacts: silent('account-not-found') });
    expect(await there.claim(unknown, sendingRun)).toEqual({ outcome: 'not-sent', reason: 'unknown-to-totogi' });
    const without = await about({ account: 'acc-without' });
    expect(await delivery({ accountFacts: knowing({}) }).claim(without, sendingRun)).toEqual({ outcome: 'not-sent', reason: 'no-contact' });
  });
});
