import type { MessageReply } from '../schemas/api/explanation.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { MessageClass } from '../schemas/message/message-class.ts';
import { describeReason } from './reason-texts.ts';

export function messageReply(message: MessageRecord): MessageReply {
  return { ...message, summary: describeMessageRecord(message) };
}

const LET_GO: Record<MessageClass, string> = {
  service: 'The subscriber had not opted out of service messages on this channel.',
  regulatory: 'It is a regulatory notice, which goes whatever the hours and consents.',
  marketing: 'The subscriber had agreed to marketing on this channel, and it went within the hours and caps.',
};

function describeMessageRecord(message: MessageRecord): string {
  const { channel, step, reason, askedTotogi: asked } = message;
  const withoutTotogi = asked?.answer === 'unreachable' && reason !== 'contact-unreachable';
  const sentences = [`The ${channel} "${step}" ${describeOutcome(message)}.`, ...describeVerdict(message)];
  if (withoutTotogi) sentences.push('Totogi did not answer, so it went where else the subscriber is known.');
  return sentences.join(' ');
}

function describeOutcome({ state, reason, heldUntil, mergedInto, postponedAt, postponedFor, ...message }: MessageRecord): string {
  const because = reason === undefined ? '' : describeReason(reason);
  const until = heldUntil ?? 'its hours begin';
  const heldFor = reason === 'contact-unreachable' ? because : 'marketing waits for its hours at the place of the subscriber';
  const texts: Record<MessageRecord['state'], string> = {
    claimed: postponedAt === undefined ? 'is being sent' : `waits, since the carrier took nothing at ${postponedAt} (${postponedFor})`,
    accepted: 'went to the carrier',
    delivered: `was delivered${describeComplaint(message.receipt)}`,
    failed: message.receipt === undefined ? `did not go out: ${because}` : describeReceipt(message.receipt),
    unknown: `may have gone out (${because}); it is not sent again`,
    'not-sent': `was not sent: ${because}`,
    merged: `was not sent: the message about event ${mergedInto ?? 'unknown'} says it`,
    held: `is held until ${until}: ${heldFor}`,
  };
  return texts[state];
}

const BOUNCED: Record<string, string> = {
  Permanent: 'came back for good: the address takes no mail',
  Transient: 'came back: the address took no mail at that moment',
};

/** The receipt of a message that did not arrive, as rules/parse-receipts.ts writes it. */
function describeReceipt(receipt: string): string {
  const [, kind, rest = ''] = /^(bounce|reject|complaint):? ?(.*)$/.exec(receipt) ?? [];
  if (kind === 'bounce') return `went out and ${BOUNCED[rest.split(' ')[0] ?? ''] ?? 'came back, nobody knows why'} (${rest})`;
  if (kind === 'reject') return `was rejected by SES before it went out (${rest})`;
  if (kind === 'complaint') return 'was kept back by SES, since its reader had complained of mail before';
  return `went to the carrier and did not arrive (${receipt})`;
}

/** A complaint proves the delivery. */
function describeComplaint(receipt: string | undefined): string {
  const [, kind] = /^complaint(?:: (.*))?$/.exec(receipt ?? '') ?? [];
  if (!receipt?.startsWith('complaint')) return '';
  if (kind === 'not-spam') return ', and its reader said that it is no spam';
  return `, and its reader complained of it${kind === undefined ? '' : ` (${kind})`}: nothing more goes to the address`;
}

/** Only for messages that the policy allowed: one that failed without a receipt may have been denied by the second check. */
function describeVerdict({ state, class: messageClass, receipt }: MessageRecord): string[] {
  const wasLetGo = state === 'accepted' || state === 'delivered' || state === 'unknown' || (state === 'failed' && receipt !== undefined);
  return wasLetGo && messageClass !== undefined ? [LET_GO[messageClass]] : [];
}
