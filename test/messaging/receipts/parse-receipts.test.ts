import { describe, expect, test } from 'vitest';
import { parseEmailEvent, parseSmsStatus } from '../../../src/messaging/receipts/parse-receipts.ts';
import { EmailEvent } from '../../../src/schemas/message/email-event.ts';
import { bounceOf, complaintOf, deliveryOf, rejectOf } from '../../builders/receipts.ts';

const AT = '2026-05-01T08:00:05.000Z';

describe('what SES says', () => {
  test.for([
    ['a delivery', deliveryOf('m-1'), 'delivered', false, undefined, 'delivered'],
    ['a rejection', rejectOf('m-1'), 'failed', false, undefined, 'reject: Bad content'],
    ['a permanent bounce', bounceOf('m-1'), 'failed', true, 'hard-bounce', 'bounce: Permanent General 5.1.1'],
    ['a transient bounce', bounceOf('m-1', { bounceType: 'Transient' }), 'failed', false, undefined, 'bounce: Transient General 5.1.1'],
    [
      'an undetermined bounce',
      bounceOf('m-1', { bounceType: 'Undetermined' }),
      'failed',
      false,
      undefined,
      'bounce: Undetermined General 5.1.1',
    ],
    ['a complaint', complaintOf('m-1'), 'delivered', true, 'complaint', 'complaint: abuse'],
    ['a complaint of no kind', complaintOf('m-1', { complaintFeedbackType: undefined }), 'delivered', true, 'complaint', 'complaint'],
    ['praise', complaintOf('m-1', { complaintFeedbackType: 'not-spam' }), 'delivered', true, undefined, 'complaint: not-spam'],
    [
      'an address that SES itself keeps back after a complaint',
      complaintOf('m-1', { complaintSubType: 'OnAccountSuppressionList', complaintFeedbackType: null }),
      'failed',
      false,
      'complaint',
      'complaint: OnAccountSuppressionList',
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
    expect(parseEmailEvent(EmailEvent.parse(event.detail)).receipt.detail).toBe('reject: virus in mail to …');
  });
});

describe('what SNS says', () => {
  const status = (word: 'SUCCESS' | 'FAILURE', providerResponse: string) =>
    parseSmsStatus({ notification: { messageId: 'm-1' }, delivery: { providerResponse }, status: word }, Date.parse(AT));

  test('of a success is a delivery, in the words of the carrier', () => {
    const detail = 'Message has been accepted by phone carrier';
    expect(status('SUCCESS', detail)).toEqual({ becomes: 'delivered', overrulesDelivery: false, detail, at: AT });
  });

  test.for([
    ['Phone is currently unreachable/unavailable', 'Phone is currently unreachable/unavailable'],
    ['Invalid phone number +14155550142', 'Invalid phone number …'],
    ['Invalid phone number 415 555-0142.', 'Invalid phone number ….'],
    ['Error 30007', 'Error 30007'],
    ['', 'failed'],
  ] as const)('of a failure is told in the words of the carrier, without the number: %s', ([carrierText, detail]) => {
    expect(status('FAILURE', carrierText)).toEqual({ becomes: 'failed', overrulesDelivery: false, detail, at: AT });
  });
});
