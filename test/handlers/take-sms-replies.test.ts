import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/take-sms-replies.ts';
import { timelineEntry } from '../../src/lookup/explain.ts';
import { listTimeline } from '../../src/lookup/timeline.ts';
import type { Sms } from '../../src/messaging/carriers/sms.ts';
import { claimMessage, finalizeMessage } from '../../src/messaging/message-records.ts';
import { claimAnswer } from '../../src/messaging/replies/answer-records.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { awaitAnswer } from '../../src/offers/milestones.ts';
import { findOffer } from '../../src/offers/offer-records.ts';
import { digest } from '../../src/platform/hash.ts';
import { findProfile, putProfile } from '../../src/profiles/profile-records.ts';
import type { SendResult } from '../../src/schemas/message/message.ts';
import type { Profile } from '../../src/schemas/profile/profile.ts';
import { published } from '../builders/configuration.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { offer } from '../builders/offers.ts';
import { claimedMessage, smsReply } from '../builders/receipts.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.parse('2026-05-01T08:01:00Z');
const TENANT = 'mvno-example';
const words = '{{ brand }} {{ reply }}';
const configuration = {
  ...published(),
  templates: {
    'en/sms-reply.sms': { class: 'service', text: `EN ${words}` },
    'es/sms-reply.sms': { class: 'service', text: `ES ${words}` },
  },
} as const;

let opened: TestTable;
let round = 0;
let phone: string;
let sent: Sms[];
let woken: string[];
let result: SendResult;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());
beforeEach(() => {
  round += 1;
  phone = `+141555501${String(round).padStart(2, '0')}`;
  sent = [];
  woken = [];
  result = { outcome: 'accepted', providerMessageId: `answer-${round}` };
});

async function handle(texts: string[], { sentAt = NOW - 1_000, configured = true } = {}) {
  const handler = createHandler({
    completeCallback: async (callbackId) => {
      woken.push(callbackId);
      return 'done';
    },
    table: opened.table,
    configurations: {
      current: async (tenant) =>
        configured ? { ...configuration, configuration: { ...configuration.configuration, name: tenant } } : undefined,
      version: async () => configuration,
    },
    sms: {
      send: async (sms) => {
        sent.push(sms);
        return result;
      },
    },
    now: () => NOW,
  });
  const { result: reply, lines } = await loggedLines(() => handler(sqsEvent(texts, sentAt), lambdaContext()));
  expect(reply.batchItemFailures).toEqual([]);
  expect(JSON.stringify(lines)).not.toMatch(/1415555|acc-|inbound|STOP/);
  return lines.find((line) => String(line.message).startsWith('batch'));
}

const text = (body: string, parts: Record<string, unknown> = {}) =>
  smsReply(body, { originationNumber: phone, inboundMessageId: `inbound-${round}`, ...parts });

const subscribe = (account: string, profile: Profile = {}, tenant = TENANT) =>
  putProfile(opened.table, { tenant, account }, { phone, ...profile }, { source: 'api', at: NOW - 86_400_000 });
const repliesOf = async (account: string) =>
  (await listTimeline(opened.table, { tenant: TENANT, account, descending: false, limit: 10 })).entries
    .map(({ value }) => timelineEntry(value))
    .flatMap((entry) => (entry.kind === 'reply' ? [entry.reply] : []));
const consents = async (account: string, tenant = TENANT) => (await findProfile(opened.table, tenant, account))?.consents;

describe('a text that says stop', () => {
  test('withdraws service and marketing texts, leaves email alone, and is answered in the subscriber’s language', async () => {
    const agreed = { given: true, source: 'shop', at: '2026-01-01T00:00:00.000Z' };
    await subscribe(`acc-${round}`, { language: 'es', consents: { marketing: { sms: agreed, email: agreed } } });
    expect(await handle([text('¡Alto!')])).toMatchObject({ tenants: [TENANT], answered: 1 });
    const withdrawn = { given: false, source: 'sms-stop', at: '2026-05-01T08:00:59.000Z' };
    expect(await consents(`acc-${round}`)).toEqual({ service: { sms: withdrawn }, marketing: { sms: withdrawn, email: agreed } });
    expect(sent).toEqual([{ to: phone, text: 'ES mvno-example stopped', senderId: undefined, messageClass: 'service' }]);
    const at = '2026-05-01T08:01:00.000Z';
    expect(await repliesOf(`acc-${round}`)).toEqual([
      {
        word: 'stop',
        sentAt: '2026-05-01T08:00:59.000Z',
        answer: { state: 'accepted', at },
        summary:
          'The subscriber opted out of texts: consent to service and marketing texts was withdrawn. The carrier accepted the answer.',
      },
    ]);
  });

  test('is heeded and answered once, however often it comes', async () => {
    await subscribe(`acc-${round}`);
    await handle([text('STOP'), text('STOP')]);
    expect(await handle([text('STOP')], { sentAt: NOW - 500 })).toMatchObject({ repeated: 1 });
    expect(await repliesOf(`acc-${round}`)).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'stop', answer: { state: 'accepted' } }]);
  });

  test('is not answered again when nobody knows what became of the answer', async () => {
    await subscribe(`acc-${round}`);
    result = { outcome: 'unknown', reason: 'TimeoutError' };
    expect(await handle([text('STOP')])).toMatchObject({ 'not-answered': 1 });
    await handle([text('STOP')]);
    expect(sent).toHaveLength(1);
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ answer: { state: 'unknown', reason: 'TimeoutError' } }]);
  });

  test('whose answer was cut off after its claim stands as answered by nobody knows', async () => {
    await subscribe(`acc-${round}`);
    await claimAnswer(opened.table, `inbound-${round}`, { tenant: TENANT, word: 'stop' }, NOW);
    expect(await handle([text('STOP')])).toMatchObject({ repeated: 1 });
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ answer: { state: 'unknown', reason: 'interrupted' } }]);
  });

  test('is heeded late too, but then not answered', async () => {
    await subscribe(`acc-${round}`);
    expect(await handle([text('STOP')], { sentAt: NOW - 3_600_000 })).toMatchObject({ 'too-late': 1 });
    expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: false } } });
    expect(sent).toEqual([]);
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ answer: { state: 'none', reason: 'too-late' } }]);
  });

  test('is heeded where there is no template to answer with', async () => {
    await subscribe(`acc-${round}`);
    expect(await handle([text('STOP')], { configured: false })).toMatchObject({ 'no-template': 1 });
    expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: false } } });
  });

  test('holds for all accounts with the number when nobody knows which message it answers', async () => {
    await subscribe(`acc-${round}`);
    await subscribe(`acc-${round}`, {}, 'mvno-other');
    await handle([text('STOP')]);
    expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: false } } });
    expect(await consents(`acc-${round}`, 'mvno-other')).toMatchObject({ service: { sms: { given: false } } });
    expect(sent).toHaveLength(1);
  });

  describe('in answer to a message', () => {
    beforeEach(async () => {
      const message = claimedMessage({ account: `acc-${round}`, channel: 'sms', step: 'notice-sms', to: phone });
      await claimMessage(opened.table, message);
      await finalizeMessage(opened.table, message, { outcome: 'accepted', providerMessageId: `sent-${round}` }, NOW);
    });

    test('holds for its account, profile or not, and for the tenant’s others with the number, and for no other tenant', async () => {
      await subscribe(`other-${round}`);
      await subscribe(`acc-${round}`, {}, 'mvno-other');
      await handle([text('STOP', { previousPublishedMessageId: `sent-${round}` })]);
      expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: false } }, marketing: { sms: { given: false } } });
      expect(await consents(`other-${round}`)).toMatchObject({ service: { sms: { given: false } } });
      expect(await consents(`acc-${round}`, 'mvno-other')).toBeUndefined();
      expect(await repliesOf(`other-${round}`)).toMatchObject([{ word: 'stop', answer: { state: 'none', reason: 'another-account' } }]);
    });

    test('from another number says nothing about its account', async () => {
      const parts = { originationNumber: '+14155559999', previousPublishedMessageId: `sent-${round}` };
      expect(await handle([text('STOP', parts)])).toMatchObject({ tenants: ['-'], unmatched: 1 });
      expect(await consents(`acc-${round}`)).toBeUndefined();
    });
  });
});

describe('a text that says start', () => {
  test('gives service texts back and leaves marketing withdrawn', async () => {
    await subscribe(`acc-${round}`);
    await handle([text('STOP')], { sentAt: NOW - 2_000 });
    await handle([text('Start', { inboundMessageId: 'inbound-later' })]);
    expect(await consents(`acc-${round}`)).toMatchObject({
      service: { sms: { given: true, source: 'sms-start' } },
      marketing: { sms: { given: false, source: 'sms-stop' } },
    });
    expect(sent.map((sms) => sms.text)).toEqual(['EN mvno-example stopped', 'EN mvno-example started']);
  });

  test('does not undo a later stop when it arrives after it', async () => {
    await subscribe(`acc-${round}`);
    await handle([text('STOP')]);
    await handle([text('START', { inboundMessageId: `inbound-earlier-${round}` })], { sentAt: NOW - 5_000 });
    expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: false } } });
  });
});

test('a text that asks for help is answered and changes nothing', async () => {
  await subscribe(`acc-${round}`);
  await handle([text('AYUDA')]);
  expect(await consents(`acc-${round}`)).toBeUndefined();
  expect(sent.map((sms) => sms.text)).toEqual(['EN mvno-example help']);
  expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'help', summary: expect.stringContaining('asked for help') }]);
});

describe('a text that says yes', () => {
  const offerIds = ['01K8XK9M3QZ5J6W7V8N9P0R1S1', '01K8XK9M3QZ5J6W7V8N9P0R1S2'];
  const referenceOf = (offerId = '') => ({ tenant: TENANT, account: `acc-${round}`, offerId });

  test.each(['YES', 'Sí', 'si acepto'])('accepts the newest open offer, once, and wakes its run: %s', async (word) => {
    await subscribe(`acc-${round}`);
    for (const offerId of offerIds) {
      await issueOffer(opened.table, { ...referenceOf(offerId), configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW - 60_000);
      await awaitAnswer(opened.table, referenceOf(offerId), `callback-${offerId}`);
    }
    expect(await handle([text(word)])).toMatchObject({ accepted: 1 });
    expect(await handle([text(word)])).toMatchObject({ accepted: 1 });
    expect(await findOffer(opened.table, referenceOf(offerIds[1]))).toMatchObject({ state: 'accepted', acceptedBy: 'reply' });
    expect(await findOffer(opened.table, referenceOf(offerIds[0]))).toMatchObject({ state: 'issued' });
    expect(woken).toContain(`callback-${offerIds[1]}`);
    expect(sent).toEqual([]);
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'yes', answer: { state: 'none', reason: 'offer-accepted' } }]);
  });

  test('accepts one offer and is on record once, though SNS hands it over twice at two times, and another account has an offer too', async () => {
    const other = { tenant: TENANT, account: `acc-${round}-other` };
    await subscribe(`acc-${round}`);
    await subscribe(other.account);
    const ofOther = { ...other, offerId: offerIds[0] ?? '' };
    for (const one of [referenceOf(offerIds[1]), ofOther]) {
      await issueOffer(opened.table, { ...one, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW - 60_000);
      await awaitAnswer(opened.table, one, `callback-${one.offerId}`);
    }
    for (const sentAt of [NOW - 3_000, NOW - 1_000]) expect(await handle([text('YES')], { sentAt })).toMatchObject({ accepted: 1 });
    expect(await findOffer(opened.table, referenceOf(offerIds[1]))).toMatchObject({ state: 'accepted' });
    expect(await findOffer(opened.table, ofOther)).toMatchObject({ state: 'issued' });
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'yes', sentAt: '2026-05-01T08:00:57.000Z' }]);
    expect(await repliesOf(other.account)).toEqual([]);
  });

  test('accepts nothing where nothing is open', async () => {
    await subscribe(`acc-${round}`);
    expect(await handle([text('YES')])).toMatchObject({ 'no-open-offer': 1 });
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'yes', answer: { state: 'none', reason: 'no-open-offer' } }]);
  });
});

describe('a text from a number that accounts of two tenants have', () => {
  const OTHER = 'mvno-hijack';
  const offerId = '01K8XK9M3QZ5J6W7V8N9P0R1S1';
  const newer = '01K8XK9M3QZ5J6W7V8N9P0R1S2';
  const numberOf = () => `+1206556${String(round).padStart(4, '0')}`;
  const stateOf = async (tenant: string, id: string) =>
    (await findOffer(opened.table, { tenant, account: `acc-${round}`, offerId: id }))?.state;

  beforeEach(async () => {
    for (const tenant of [TENANT, OTHER]) {
      await subscribe(`acc-${round}`, {}, tenant);
      const referenceOf = { tenant, account: `acc-${round}`, offerId: tenant === OTHER ? newer : offerId };
      await issueOffer(opened.table, { ...referenceOf, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW - 60_000);
      await awaitAnswer(opened.table, referenceOf, `callback-${tenant}`);
    }
  });

  async function own(name: string): Promise<void> {
    const key = { pk: `PLATFORM#OWNED#two-way-number#${digest(name).toString('hex')}`, sk: 'OWNER' };
    await opened.table.client.send(new PutCommand({ TableName: opened.table.name, Item: { ...key, tenant: TENANT } }));
  }

  test('accepts no offer where it could mean either tenant’s, however often it comes, and says so to both', async () => {
    for (let time = 0; time < 2; time += 1) expect(await handle([text('YES')])).toMatchObject({ unclear: 1, tenants: ['-'] });
    expect([await stateOf(TENANT, offerId), await stateOf(OTHER, newer)]).toEqual(['issued', 'issued']);
    expect(await repliesOf(`acc-${round}`)).toMatchObject([{ word: 'yes', answer: { state: 'none', reason: 'unclear' } }]);
    expect(JSON.stringify(await repliesOf(`acc-${round}`))).not.toContain(OTHER);
  });

  test('asks for help of nobody in particular, and is answered in nobody’s name', async () => {
    expect(await handle([text('HELP')])).toMatchObject({ unclear: 1 });
    expect(sent).toEqual([]);
  });

  test('means the owner of the number that was texted', async () => {
    await own(numberOf());
    expect(await handle([text('YES', { destinationNumber: numberOf() })])).toMatchObject({ accepted: 1 });
    expect([await stateOf(TENANT, offerId), await stateOf(OTHER, newer)]).toEqual(['accepted', 'issued']);
  });

  test('means the owner of a short code, of the country that it came from', async () => {
    await own('US:72345');
    await handle([text('HELP', { destinationNumber: '72345' })]);
    expect(sent.map((sms) => sms.text)).toEqual(['EN mvno-example help']);
  });

  test('stops the texts of all, whoever owns the number', async () => {
    await own(numberOf());
    await handle([text('STOP', { destinationNumber: numberOf() })]);
    for (const tenant of [TENANT, OTHER])
      expect(await consents(`acc-${round}`, tenant)).toMatchObject({ service: { sms: { given: false } } });
    expect(sent.map((sms) => sms.text)).toEqual([expect.stringContaining(TENANT)]);
  });

  test('starts the texts of the owner alone', async () => {
    await own(numberOf());
    await handle([text('START', { destinationNumber: numberOf() })]);
    expect(await consents(`acc-${round}`)).toMatchObject({ service: { sms: { given: true } } });
    expect(await consents(`acc-${round}`, OTHER)).toBeUndefined();
  });
});

test('other texts are counted, and so is what is none', async () => {
  await subscribe(`acc-${round}`);
  expect(await handle([text('who is this?'), 'no JSON', '{}', text('STOP', { originationNumber: '12345' })])).toMatchObject({
    ignored: 1,
    invalid: 3,
  });
  expect(sent).toEqual([]);
});
