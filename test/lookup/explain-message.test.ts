import { describe, expect, test } from 'vitest';
import { messageReply } from '../../src/lookup/explain-message.ts';
import { describeReason } from '../../src/lookup/reason-texts.ts';
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
    ['a service message that went', { class: 'service' }, /^went to the carrier. The subscriber had not opted out/],
    ['a notice that the law wants', { class: 'regulatory' }, /regulatory notice, which goes whatever the hours/],
    ['marketing that went', marketing, /agreed to marketing on this channel, and it went within the hours and caps\.$/],
    ['a delivery', { state: 'delivered', receipt: 'delivered' }, 'was delivered.'],
    [
      'a permanent bounce',
      { state: 'failed', receipt: 'bounce: Permanent General 5.1.1' },
      'went out and came back for good: the address takes no mail (Permanent General 5.1.1).',
    ],
    [
      'a bounce that may pass',
      { state: 'failed', receipt: 'bounce: Transient MailboxFull' },
      /took no mail at that moment \(Transient Mail/,
    ],
    [
      'a bounce of no kind',
      { state: 'failed', receipt: 'bounce: Undetermined' },
      'went out and came back, nobody knows why (Undetermined).',
    ],
    ['a rejection', { state: 'failed', receipt: 'reject: Bad content' }, 'was rejected by SES before it went out (Bad content).'],
    [
      'a complaint',
      { state: 'delivered', receipt: 'complaint: abuse' },
      /delivered, and its reader complained of it \(abuse\): nothing more/,
    ],
    ['a complaint of no kind', { state: 'delivered', receipt: 'complaint' }, /delivered, and its reader complained of it: nothing more/],
    ['praise', { state: 'delivered', receipt: 'complaint: not-spam' }, 'was delivered, and its reader said that it is no spam.'],
    ['what SES keeps back', { state: 'failed', receipt: 'complaint: OnAccountSuppressionList' }, /kept back by SES, since its reader/],
    ["a carrier's failure", { state: 'failed', receipt: 'Phone is unreachable' }, /carrier and did not arrive \(Phone is unreachable\)\.$/],
    [
      'a failure of ours',
      { state: 'failed', reason: 'not-attempted', ...marketing },
      /^did not go out: the carrier or the records .* tried again\.$/,
    ],
    ["a carrier's own code", { state: 'failed', reason: 'InvalidParameterException' }, 'did not go out: InvalidParameterException.'],
    [
      'one that may have gone',
      { state: 'unknown', reason: 'interrupted' },
      /^may have gone out \(the attempt was cut off .*\); it is not sent again/,
    ],
    [
      'one that waits for its hours',
      { state: 'held', heldUntil: '2026-05-02T07:00:00Z', reason: 'outside-hours' },
      'is held until 2026-05-02T07:00:00Z: marketing waits for its hours at the place of the subscriber.',
    ],
    ['the same without its reason on record', { state: 'held', heldUntil: '2026-05-02T07:00:00Z' }, /marketing waits for its hours/],
    [
      'one that waits for Totogi',
      { state: 'held', heldUntil: 'x', reason: 'contact-unreachable' },
      /held until x: Totogi, which has the number/,
    ],
    ['a region that is needed', { state: 'not-sent', reason: 'location-unknown' }, /where hours differ by region, region is unknown\.$/],
    ['a merged one', { state: 'merged', mergedInto: 'e-1' }, 'was not sent: the message about event e-1 says it.'],
    ['a delivery of marketing', { ...marketing, state: 'delivered', receipt: 'delivered' }, /^was delivered\. The subscriber had agreed/],
    [
      'marketing that may have gone',
      { ...marketing, state: 'unknown', reason: 'interrupted' },
      /not sent again\. The subscriber had agreed/,
    ],
    [
      'marketing that came back',
      { ...marketing, state: 'failed', receipt: 'reject: Bad content' },
      /\(Bad content\)\. The subscriber had agreed/,
    ],
    ['marketing that is being sent', { ...marketing, state: 'claimed' }, 'is being sent.'],
    ['marketing that was denied', { ...marketing, state: 'not-sent', reason: 'no-consent' }, /never agreed to it\.$/],
    [
      'a message without Totogi',
      { askedTotogi: { answer: 'unreachable', at: '2026-05-01T08:00:00Z' } },
      'went to the carrier. Totogi did not answer, so it went where else the subscriber is known.',
    ],
    ['a message with Totogi', { askedTotogi: { answer: 'known', at: '2026-05-01T08:00:00Z' } }, 'went to the carrier.'],
  ])('%s', (_what, parts, words) => {
    expect(summary(parts)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });
});

test.each([
  ['no-consent, no-consent', 'it is marketing and the subscriber never agreed to it'],
  ['no-consent, no-contact', 'it is marketing and the subscriber never agreed to it; there is no number or address to send it to'],
  ['too-late-for-reminder', 'the moment for a reminder had passed'],
  ['sent', 'its notice went out'],
  ['free-month: had-before, gold: plan-unknown', 'free-month: the account had it before; gold: the plan is unknown'],
  ['01KQH8TF00BTST9RJ3ZV7YS836', 'event 01KQH8TF00BTST9RJ3ZV7YS836'],
  ['ThrottlingException', 'ThrottlingException'],
  ['constructor', 'constructor'],
])('the reason %s says: %s', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});
