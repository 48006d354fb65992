import type { EmailEvent } from '../../schemas/message/email-event.ts';
import { type Receipt, ReceiptDetail } from '../../schemas/message/receipt.ts';
import type { SmsStatus } from '../../schemas/message/sms-status.ts';

/** `suppress` is why the address gets no more mail, if that is so. */
export type ParsedEmailEvent = { receipt: Receipt; suppress: 'hard-bounce' | 'complaint' | undefined };

const MAX_DETAIL_LENGTH = 200;
/** Longer than any code, and shorter than any phone number with its separators. */
const LONG_NUMBER = /\+?\d(?:[\s().-]*\d){6,}/g;
/** Longer text of a carrier is cut before any pattern runs over it. */
const MAX_RECEIPT_LENGTH = 2_000;

/**
 * A permanent bounce may come after the delivery (the receiving server took the mail and returned it later) and overrules it. Any other
 * bounce after a delivery is mostly an out-of-office reply, and does not. A complaint proves the delivery, unless SES did not send because
 * the address had complained before.
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export function parseEmailEvent(event: EmailEvent): ParsedEmailEvent {
  switch (event.eventType) {
    case 'Delivery':
      return { receipt: delivered({ kind: 'delivery' }, event.delivery.timestamp), suppress: undefined };
    case 'Reject':
      return { receipt: failed({ kind: 'reject', response: event.reject.reason }, event.mail.timestamp), suppress: undefined };
    case 'Bounce': {
      const { bounceType, bounceSubType, bouncedRecipients, timestamp } = event.bounce;
      const status = bouncedRecipients[0]?.status;
      const detail: ReceiptDetail = { kind: 'bounce', type: bounceType, subtype: bounceSubType, status };
      const permanent = bounceType === 'Permanent';
      return { receipt: { ...failed(detail, timestamp), overrulesDelivery: permanent }, suppress: permanent ? 'hard-bounce' : undefined };
    }
    case 'Complaint':
      return parseComplaint(event.complaint);
  }
}

function parseComplaint(complaint: Extract<EmailEvent, { eventType: 'Complaint' }>['complaint']): ParsedEmailEvent {
  const { complaintSubType, complaintFeedbackType, timestamp } = complaint;
  const detail: ReceiptDetail = {
    kind: 'complaint',
    feedback: complaintFeedbackType ?? undefined,
    subtype: complaintSubType ?? undefined,
  };
  if (complaintSubType === 'OnAccountSuppressionList') return { receipt: failed(detail, timestamp), suppress: 'complaint' };
  // The one positive kind of feedback: the recipient moved the mail out of the spam folder.
  const praise = complaintFeedbackType === 'not-spam';
  return { receipt: { ...delivered(detail, timestamp), overrulesDelivery: true }, suppress: praise ? undefined : 'complaint' };
}

/**
 * Parses a line of SNS's delivery log.
 *
 * @param loggedAt when the line was written, in milliseconds since the epoch: the line's own time is that of the sending.
 */
export function parseSmsStatus({ status, delivery }: SmsStatus, loggedAt: number): Receipt {
  const at = new Date(loggedAt).toISOString();
  const response = delivery.providerResponse;
  return status === 'SUCCESS' ? delivered({ kind: 'delivery', response }, at) : failed({ kind: 'failure', response }, at);
}

function delivered(detail: ReceiptDetail, at: string): Receipt {
  return { becomes: 'delivered', overrulesDelivery: false, detail: impersonal(detail), at };
}

function failed(detail: ReceiptDetail, at: string): Receipt {
  return { becomes: 'failed', overrulesDelivery: false, detail: impersonal(detail), at };
}

/** Without the fields that the carrier left empty. */
function impersonal(detail: ReceiptDetail): ReceiptDetail {
  const filled = Object.entries(detail).filter(([, text]) => text);
  return ReceiptDetail.parse(Object.fromEntries(filled.map(([field, text = '']) => [field, impersonalText(text)])));
}

/** A carrier's text is free: it may contain a number or an address, which are removed. */
function impersonalText(detail: string): string {
  return withoutAddresses(detail.slice(0, MAX_RECEIPT_LENGTH)).replaceAll(LONG_NUMBER, '…').slice(0, MAX_DETAIL_LENGTH);
}

/** Word by word, since a pattern with text on either side of "@" would start again at each character. */
function withoutAddresses(detail: string): string {
  return detail
    .split(/(\s)/)
    .map((word) => (word.includes('@') ? '…' : word))
    .join('');
}
