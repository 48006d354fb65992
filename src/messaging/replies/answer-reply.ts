import type { Configurations } from '../../configuration/configurations.ts';
import { MINUTE } from '../../platform/duration.ts';
import { logFault } from '../../platform/log-fault.ts';
import type { Table } from '../../platform/table.ts';
import { isoTime } from '../../platform/time.ts';
import { findProfile } from '../../profiles/profile-records.ts';
import type { MessageTemplate } from '../../schemas/configuration/published-configuration.ts';
import type { AnsweredKeyword, ReplyAnswer } from '../../schemas/message/reply.ts';
import type { SmsReply } from '../../schemas/message/sms-reply.ts';
import type { SmsChannel } from '../carriers/sms.ts';
import { chooseTemplate } from '../message-text.ts';
import { TemplateFailed } from '../template-engine.ts';
import { claimAnswer, finalizeAnswer } from './answer-records.ts';
import { type AppliedReply, INTERRUPTED, recordAnswer } from './reply-records.ts';
import { type ReplyVariables, renderReply } from './reply-text.ts';
import type { Subscriber } from './subscribers.ts';

/** United States: a confirmation within five minutes counts as covered by the consent that was just revoked (47 CFR 64.1200(a)(12)). */
const ANSWERED_WITHIN_MILLISECONDS = 5 * MINUTE;

const REPLIES: Record<AnsweredKeyword, ReplyVariables['reply']> = { stop: 'stopped', start: 'started', help: 'help' };

/** `now` is in milliseconds since the epoch. */
export type AnswerSources = { table: Table; configurations: Configurations; sms: SmsChannel; now: () => number };

export type Answered = 'answered' | 'not-answered' | 'repeated' | 'too-late' | 'no-template';

type ToAnswer = { reply: SmsReply; applied: AppliedReply & { word: AnsweredKeyword } };

/** Sends the answer to a keyword at most once, and records what became of it. */
export async function answerReply(sources: AnswerSources, subscriber: Subscriber, { reply, applied }: ToAnswer): Promise<Answered> {
  const { outcome, state, reason } = await sendAnswer(sources, subscriber, { reply, applied });
  const recorded: ReplyAnswer = { state, ...(reason === undefined ? {} : { reason }), at: isoTime(sources.now()) };
  await recordAnswer(sources.table, subscriber, { reply: applied, answer: recorded });
  return outcome;
}

async function sendAnswer(
  { table, configurations, sms, now }: AnswerSources,
  { tenant, account }: Subscriber,
  { reply, applied: { word, sentAt } }: ToAnswer,
): Promise<{ outcome: Answered; state: ReplyAnswer['state']; reason?: string }> {
  if (now() - sentAt > ANSWERED_WITHIN_MILLISECONDS) return { outcome: 'too-late', state: 'none', reason: 'too-late' };
  const [published, profile] = await Promise.all([configurations.current(tenant), findProfile(table, tenant, account)]);
  const chosen = published && chooseTemplate('sms-reply.sms', published, profile);
  if (!published || !chosen) return { outcome: 'no-template', state: 'none', reason: 'no-template' };
  const text = writeAnswer(chosen.template, { brand: published.configuration.name, reply: REPLIES[word] }, tenant);
  if (text === undefined) return { outcome: 'no-template', state: 'none', reason: 'template-failed' };
  const claimed = await claimAnswer(table, reply.inboundMessageId, { tenant, word }, now());
  if (claimed === 'already-done') return { outcome: 'repeated', state: 'unknown', reason: INTERRUPTED };
  const result = await sms.send({ to: reply.originationNumber, text, senderId: undefined, messageClass: chosen.template.class });
  // No retry: an answer must go out within minutes or not at all.
  const nothingWent = result.outcome === 'throttled' || result.outcome === 'unreachable';
  const finalized = nothingWent ? { outcome: 'failed' as const, reason: result.reason } : result;
  await finalizeAnswer(table, reply.inboundMessageId, finalized, now());
  if (finalized.outcome === 'accepted') return { outcome: 'answered', state: 'accepted' };
  return { outcome: 'not-answered', state: finalized.outcome, reason: finalized.reason };
}

/** A broken template does not fix itself, so the text gets no answer and the log names the template. */
function writeAnswer(template: MessageTemplate, variables: ReplyVariables, tenant: string): string | undefined {
  try {
    return renderReply(template, variables);
  } catch (error) {
    if (!(error instanceof TemplateFailed)) throw error;
    logFault(error.message, { tenant, template: 'sms-reply.sms' });
    return undefined;
  }
}
