import type { Table } from '../../platform/table.ts';
import { isoTime } from '../../platform/time.ts';
import { setConsent } from '../../profiles/consents.ts';
import { recordNumberKeyword } from '../../profiles/number-opt-outs.ts';
import type { AnsweredKeyword } from '../../schemas/message/reply.ts';
import type { SmsReply } from '../../schemas/message/sms-reply.ts';
import { type Answered, type AnswerSources, answerReply } from './answer-reply.ts';
import { recordFirstDelivery } from './first-delivery.ts';
import { type AppliedReply, recordAnswer, recordReply } from './reply-records.ts';
import type { Meant, Subscriber } from './subscribers.ts';

/**
 * Applies STOP, START or HELP to every account that the text can mean, and answers it at most once. STOP withdraws consent to service and
 * marketing texts, for the number and for its accounts. START restores service texts only, because marketing needs new consent.
 *
 * @param received `queuedAt` in milliseconds since the epoch.
 */
export async function applyKeyword(
  sources: AnswerSources,
  { tenant, subscribers, answering }: Meant,
  { reply, word, queuedAt }: { reply: SmsReply; word: AnsweredKeyword; queuedAt: number },
): Promise<Answered | 'unmatched' | 'unclear'> {
  const { table, now } = sources;
  const { inboundMessageId } = reply;
  const { sentAt } = await recordFirstDelivery(table, inboundMessageId, { sentAt: queuedAt }, now());
  // Stored by number, so it also applies to accounts that are not known yet.
  if (word !== 'help') await recordNumberKeyword(table, tenant, reply.originationNumber, { word, at: isoTime(sentAt) });
  if (subscribers.length === 0) return 'unmatched';
  const applied = { inboundMessageId, sentAt, word };
  const unanswered = answering ? 'another-account' : 'unclear';
  for (const subscriber of subscribers) {
    await changeConsent(table, subscriber, applied);
    await recordReply(table, subscriber, applied);
    if (subscriber !== answering)
      await recordAnswer(table, subscriber, { reply: applied, answer: { state: 'none', reason: unanswered, at: isoTime(now()) } });
  }
  return answering ? answerReply(sources, answering, { reply, applied }) : 'unclear';
}

async function changeConsent(table: Table, subscriber: Subscriber, { word, sentAt }: AppliedReply): Promise<void> {
  const change = { channel: 'sms' as const, source: `sms-${word}`, at: isoTime(sentAt) };
  if (word === 'stop') {
    await setConsent(table, subscriber, { class: 'marketing', given: false, ...change });
    await setConsent(table, subscriber, { class: 'service', given: false, ...change });
  }
  if (word === 'start') await setConsent(table, subscriber, { class: 'service', given: true, ...change });
}
