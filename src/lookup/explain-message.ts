import type { MessageReply } from '../schemas/api/explanation.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { MessageClass } from '../schemas/message/message-class.ts';
import type { ReceiptDetail } from '../schemas/message/receipt.ts';
import { describeReason } from './reason-texts.ts';

export function messageReply(message: MessageRecord): MessageReply {
  return { ...message, summary: describeMessageRecord(message) };
}

const CHANNEL_NAMES: Record<Channel, string> = { sms: 'SMS', email: 'email' };

const LET_GO: Record<MessageClass, string> = {
  service: 'The subscriber had not opted out of service messages on this channel.',
  regulatory: 'It is a regulatory notice, which is sent regardless of hours and consents.',
  marketing: 'The subscriber had consented to marketing on this channel, and the hours and caps allowed it.',
};

function describeMessageRecord(message: MessageRecord): string {
  const { channel, step, reason, askedTotogi: asked } = message;
  const withoutTotogi = asked?.answer === 'unreachable' && reason !== 'contact-unreachable';
  const sentences = [`The ${CHANNEL_NAMES[channel]} "${step}" ${describeOutcome(message)}.`, ...describeVerdict(message)];
  if (withoutTotogi) sentences.push('Totogi did not answer, so another known contact was used.');
  return sentences.join(' ');
}

function describeOutcome({ state, reason, heldUntil, mergedInto, postponedAt, postponedFor, ...message }: MessageRecord): string {
  const because = reason === undefined ? '' : describeReason(reason);
  const until = heldUntil ?? 'the sending hours begin';
  const heldFor = reason === 'contact-unreachable' ? because : "marketing waits for the sending hours at the subscriber's location";
  const texts: Record<MessageRecord['state'], string> = {
    claimed:
      postponedAt === undefined
        ? 'is being sent'
        : `waits to be sent again: the carrier did not accept it at ${postponedAt} (${postponedFor})`,
    accepted: 'was accepted by the carrier',
    delivered: `was delivered${describeComplaint(message.receipt)}`,
    failed: message.receipt === undefined ? `could not be sent: ${because}` : describeFailure(message.receipt),
    unknown: `may have been sent (${because}); it is not sent again`,
    'not-sent': `was not sent: ${because}`,
    merged: `was merged into the message for event ${mergedInto ?? 'unknown'}`,
    held: `is held until ${until}: ${heldFor}`,
  };
  return texts[state];
}

const BOUNCED: Record<Extract<ReceiptDetail, { kind: 'bounce' }>['type'], string> = {
  Permanent: 'bounced permanently: the address does not accept mail',
  Transient: 'bounced: the address could not accept mail at that time',
  Undetermined: 'bounced for an unknown reason',
};

function describeFailure(receipt: ReceiptDetail): string {
  switch (receipt.kind) {
    case 'bounce':
      return `was sent and ${BOUNCED[receipt.type]}${inBrackets(receipt.subtype, receipt.status)}`;
    case 'reject':
      return `was rejected by SES before it was sent${inBrackets(receipt.response)}`;
    case 'complaint':
      return 'was withheld by SES because the recipient had complained about mail before';
    default:
      return `was accepted by the carrier and not delivered${inBrackets(receipt.response)}`;
  }
}

/** A complaint proves the delivery. */
function describeComplaint(receipt: ReceiptDetail | undefined): string {
  if (receipt?.kind !== 'complaint') return '';
  if (receipt.feedback === 'not-spam') return ', and the recipient reported that it is not spam';
  return `, and the recipient complained about it${inBrackets(receipt.feedback, receipt.subtype)}; no more mail is sent to the address`;
}

function inBrackets(...words: (string | undefined)[]): string {
  const known = words.filter((word) => word !== undefined);
  return known.length === 0 ? '' : ` (${known.join(' ')})`;
}

/** Only for messages that the policy allowed: one that failed without a receipt may have been denied by the second check. */
function describeVerdict({ state, class: messageClass, receipt }: MessageRecord): string[] {
  const wasLetGo = state === 'accepted' || state === 'delivered' || state === 'unknown' || (state === 'failed' && receipt !== undefined);
  return wasLetGo && messageClass !== undefined ? [LET_GO[messageClass]] : [];
}
