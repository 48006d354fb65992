import { describe, expect, test } from 'vitest';
import { parseEmailEvent, parseSmsStatus } from '../../../src/messaging/receipts/parse-receipts.ts';
import { EmailEvent } from '../../../src/schemas/message/email-event.ts';
import { bounceOf, complaintOf, deliveryOf, rejectOf } from '../../builders/receipts.ts';

const bounce = { kind: 'bounce', subtype: 'General', status: '5.1.1' } as const;
const AT = '2026-05-01T08:00:05.000Z';

describe('what SES says', () => {
  test.for([
    ['a delivery', deliveryOf('m-1'), 'delivered', false, undefined, { kind: 'delivery' }],
    ['a rejection', rejectOf('m-1'), 'failed', false, undefined, { kind: 'reject', response: 'Bad content' }],
    ['a permanent bounce', bounceOf('m-1'), 'failed', true, 'hard-bounce', { ...bounce, type: 'Permanent' }],
    ['a transient bounce', bounceOf('m-1', { bounceType: 'Transient' }), 'failed', false, undefined, { ...bounce, type: 'Transient' }],
    [
      'an undetermined bounce',
      bounceOf('m-1', { bounceType: 'Undetermined' }),
      'failed',
      false,
      undefined,
      { ...bounce, type: 'Undetermined' },
    ],
    ['a complaint', complaintOf('m-1'), 'delivered', true, 'complaint', { kind: 'complaint', feedback: 'abuse' }],
    [
      'a complaint of no kind',
      complaintOf('m-1', { complaintFeedbackType: undefined }),
      'delivered',
      true,
      'complaint',
      { kind: 'complaint' },
    ],
    [
      'praise',
      complaintOf('m-1', { complaintFeedbackType: 'not-spam' }),
      'delivered',
      true,
      undefined,
      { kind: 'complaint', feedback: 'not-spam' },
    ],
    [
      'an address that SES itself keeps back after a complaint',
      complaintOf('m-1', { complaintSubType: 'OnAccountSuppressionList', complaintFeedbackType: null }),
      'failed',
      false,
      'complaint',
      { kind: 'complaint', subtype: 'OnAccountSuppressionList' },
    ],
  ] as const)('of %s is read so', ([, event, becomes, overrulesDelivery, suppress, detail]) => {
    const reading = parseEmailEvent(EmailEvent.parse(event.detail));
    expect(reading).toEqual({
      receipt: { becomes, overrulesDelivery, detail, at: expect.stringMatching(/^2026-05-01T08:00:0\d/) },
      suppress,
    });
  });

  test('is kept without the address', () => {
    const event = rejectOf('m-1', 'virus in mail to ada@example.com');
    expect(parseEmailEvent(EmailEvent.parse(event.detail)).receipt.detail).toEqual({ kind: 'reject', response: 'virus in mail to …' });
  });
});

describe('what SNS says', () => {
  const status = (word: 'SUCCESS' | 'FAILURE', providerResponse: string) =>
    parseSmsStatus({ notification: { messageId: 'm-1' }, delivery: { providerResponse }, status: word }, Date.parse(AT));

  test('of a success is a delivery, in the words of the carrier', () => {
    const response = 'Message has been accepted by phone carrier';
    const detail = { kind: 'delivery', response };
    expect(status('SUCCESS', response)).toEqual({ becomes: 'delivered', overrulesDelivery: false, detail, at: AT });
  });

  test.for([
    ['Phone is currently unreachable/unavailable', { response: 'Phone is currently unreachable/unavailable' }],
    ['Invalid phone number +14155550142', { response: 'Invalid phone number …' }],
    ['Invalid phone number 415 555-0142.', { response: 'Invalid phone number ….' }],
    ['Error 30007', { response: 'Error 30007' }],
    ['', {}],
  ] as const)('of a failure is told in the words of the carrier, without the number: %s', ([carrierText, fields]) => {
    const detail = { kind: 'failure', ...fields };
    expect(status('FAILURE', carrierText)).toEqual({ becomes: 'failed', overrulesDelivery: false, detail, at: AT });
  });
});
