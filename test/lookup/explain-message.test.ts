import { describe, expect, test } from 'vitest';
import { messageReply } from '../../src/lookup/explain-message.ts';
import { describeReason, describeReasons } from '../../src/lookup/reason-texts.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';

function summary(parts: Partial<MessageRecord>): string {
  const message: MessageRecord = {
    tenant: 'mvno-example',
    account: 'acc-1',
    eventId: '01KQH8TF00BTST9RJ3ZV7YS836',
    workflow: 'welcome',
    step: 'notice-email',
    channel: 'email',
    template: 'welcome.email',
    state: 'accepted',
    owner: 'arn:run',
    configuration: 'v-1',
    claimedAt: '2026-05-01T08:00:00Z',
    ...parts,
  };
  return messageReply(message).summary.replace('The email "notice-email" ', '');
}

describe('what became of a message is told in words:', () => {
  const marketing = { class: 'marketing' } as const;
  test.each<[string, Partial<MessageRecord>, string | RegExp]>([
    ['a service message that went', { class: 'service' }, /^was accepted by the carrier. The subscriber had not opted out/],
    ['a notice that the law wants', { class: 'regulatory' }, /regulatory notice, which is sent regardless of hours/],
    ['marketing that went', marketing, /consented to marketing on this channel, and the hours and caps allowed it\.$/],
    ['a delivery', { state: 'delivered', receipt: { kind: 'delivery' } }, 'was delivered.'],
    [
      'a permanent bounce',
      { state: 'failed', receipt: { kind: 'bounce', type: 'Permanent', subtype: 'General', status: '5.1.1' } },
      'was sent and bounced permanently: the address does not accept mail (General 5.1.1).',
    ],
    [
      'a bounce that may pass',
      { state: 'failed', receipt: { kind: 'bounce', type: 'Transient', subtype: 'MailboxFull' } },
      /could not accept mail at that time \(MailboxFull\)/,
    ],
    [
      'a bounce of no kind',
      { state: 'failed', receipt: { kind: 'bounce', type: 'Undetermined' } },
      'was sent and bounced for an unknown reason.',
    ],
    [
      'a rejection',
      { state: 'failed', receipt: { kind: 'reject', response: 'Bad content' } },
      'was rejected by SES before it was sent (Bad content).',
    ],
    [
      'a complaint',
      { state: 'delivered', receipt: { kind: 'complaint', feedback: 'abuse' } },
      /delivered, and the recipient complained about it \(abuse\); no more mail/,
    ],
    [
      'a complaint of no kind',
      { state: 'delivered', receipt: { kind: 'complaint' } },
      /delivered, and the recipient complained about it; no more mail/,
    ],
    [
      'praise',
      { state: 'delivered', receipt: { kind: 'complaint', feedback: 'not-spam' } },
      'was delivered, and the recipient reported that it is not spam.',
    ],
    [
      'what SES keeps back',
      { state: 'failed', receipt: { kind: 'complaint', subtype: 'OnAccountSuppressionList' } },
      /withheld by SES because the recipient/,
    ],
    [
      "a carrier's failure",
      { state: 'failed', receipt: { kind: 'failure', response: 'Phone is unreachable' } },
      /carrier and not delivered \(Phone is unreachable\)\.$/,
    ],
    [
      "a carrier's failure without a word",
      { state: 'failed', receipt: { kind: 'failure' } },
      'was accepted by the carrier and not delivered.',
    ],
    [
      'a failure of ours',
      { state: 'failed', reason: 'not-attempted', ...marketing },
      /^could not be sent: the carrier or the database could not be reached\.$/,
    ],
    ["a carrier's own code", { state: 'failed', reason: 'InvalidParameterException' }, 'could not be sent: InvalidParameterException.'],
    [
      'one that may have gone',
      { state: 'unknown', reason: 'interrupted' },
      /^may have been sent \(the attempt was interrupted .*\); it is not sent again/,
    ],
    [
      'one that waits for its hours',
      { state: 'held', heldUntil: '2026-05-02T07:00:00Z', reason: 'outside-hours' },
      "is held until 2026-05-02T07:00:00Z: marketing waits for the sending hours at the subscriber's location.",
    ],
    [
      'the same without its reason on record',
      { state: 'held', heldUntil: '2026-05-02T07:00:00Z' },
      /marketing waits for the sending hours/,
    ],
    [
      'one that waits for Totogi',
      { state: 'held', heldUntil: 'x', reason: 'contact-unreachable' },
      /held until x: the number or address is in Totogi/,
    ],
    ['a region that is needed', { state: 'not-sent', reason: 'location-unknown' }, /where hours differ by region, region is unknown\.$/],
    ['a merged one', { state: 'merged', mergedInto: 'e-1' }, 'was merged into the message for event e-1.'],
    [
      'a delivery of marketing',
      { ...marketing, state: 'delivered', receipt: { kind: 'delivery' } },
      /^was delivered\. The subscriber had consented/,
    ],
    [
      'marketing that may have gone',
      { ...marketing, state: 'unknown', reason: 'interrupted' },
      /not sent again\. The subscriber had consented/,
    ],
    [
      'marketing that came back',
      { ...marketing, state: 'failed', receipt: { kind: 'reject', response: 'Bad content' } },
      /\(Bad content\)\. The subscriber had consented/,
    ],
    ['marketing that is being sent', { ...marketing, state: 'claimed' }, 'is being sent.'],
    ['marketing that was denied', { ...marketing, state: 'not-sent', reason: 'no-consent' }, /has not consented to marketing\.$/],
    [
      'a message without Totogi',
      { askedTotogi: { answer: 'unreachable', at: '2026-05-01T08:00:00Z' } },
      'was accepted by the carrier. Totogi did not answer, so another known contact was used.',
    ],
    ['a message with Totogi', { askedTotogi: { answer: 'known', at: '2026-05-01T08:00:00Z' } }, 'was accepted by the carrier.'],
  ])('%s', (_what, parts, words) => {
    expect(summary(parts)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });
});

test.each([
  ['too-late-for-reminder', 'no reminder, because its time had passed'],
  ['sent', 'the notice was sent'],
  ['ThrottlingException', 'ThrottlingException'],
  ['constructor', 'constructor'],
])('the reason %s says: %s', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});

test.each<[Parameters<typeof describeReasons>[0], string]>([
  [{}, ''],
  [{ event: '01KQH8TF00BTST9RJ3ZV7YS836' }, 'event 01KQH8TF00BTST9RJ3ZV7YS836'],
  [{ endedBy: 'AutoRenewSuccess' }, 'AutoRenewSuccess'],
  [
    {
      offers: [
        { offer: 'free-month', reason: 'had-before' },
        { offer: 'gold', reason: 'plan-unknown' },
      ],
    },
    'free-month: the account had this offer before; gold: the plan is unknown',
  ],
  [
    {
      notSent: [
        { channel: 'sms', reason: 'no-consent' },
        { channel: 'email', reason: 'no-contact' },
      ],
    },
    'sms: the subscriber has not consented to marketing; email: no phone number or email address is known',
  ],
])('the reasons %j say: %s', (reasons, text) => {
  expect(describeReasons(reasons)).toBe(text);
});
