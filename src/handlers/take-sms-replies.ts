import { chooseTemplate } from '../channels/message-text.ts';
import { type ReplyVariables, renderReply } from '../channels/reply-text.ts';
import { createSmsChannel, type SmsChannel } from '../channels/sms.ts';
import { TemplateFailed } from '../channels/template-engine.ts';
import { parseReplyKeyword } from '../rules/opt-out-keywords.ts';
import { MINUTE } from '../runtime/duration.ts';
import { logFault } from '../runtime/log-fault.ts';
import { parseJson } from '../runtime/parse-json.ts';
import { queueHandler } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import type { MessageTemplate } from '../schemas/published-configuration.ts';
import type { AnsweredKeyword, ReplyAnswer } from '../schemas/reply.ts';
import { UNKNOWN_TENANT } from '../schemas/reserved-tenants.ts';
import { SmsReply } from '../schemas/sms-reply.ts';
import { isoTime } from '../schemas/time.ts';
import { type CompleteCallback, createCallbacks } from '../store/callbacks.ts';
import { type Configurations, createConfigurations } from '../store/configurations.ts';
import { answerOffer } from '../store/offers/answers.ts';
import { findOpenOffer } from '../store/offers/offers.ts';
import { setConsent } from '../store/profiles/consents.ts';
import { recordNumberKeyword } from '../store/profiles/number-opt-outs.ts';
import { findProfile } from '../store/profiles/profiles.ts';
import { findSubscribers, type Meant, type Subscriber } from '../store/profiles/subscribers.ts';
import { claimAnswer, finalizeAnswer } from '../store/replies/answers.ts';
import { type FirstDelivery, recordFirstDelivery } from '../store/replies/first-delivery.ts';
import { type AppliedReply, INTERRUPTED, recordAnswer, recordReply } from '../store/replies/replies.ts';
import { createTableClient, type Table } from '../store/table.ts';

/** United States: a confirmation within five minutes counts as covered by the consent that was just revoked (47 CFR 64.1200(a)(12)). */
const ANSWERED_WITHIN_MILLISECONDS = 5 * MINUTE;

const REPLIES: Record<AnsweredKeyword, ReplyVariables['reply']> = { stop: 'stopped', start: 'started', help: 'help' };

export type RepliesDependencies = {
  table: Table;
  configurations: Configurations;
  sms: SmsChannel;
  completeCallback: CompleteCallback;
  /** In milliseconds since the epoch. */
  now: () => number;
};

/**
 * Handles texts from subscribers. An opt-out keyword withdraws consent to service and marketing texts, for the number and for its accounts.
 * A start keyword restores service texts only, because marketing needs new consent. Both, and a help keyword, get at most one answer. YES
 * accepts the newest open offer of the sender.
 */
export function createHandler(deps: RepliesDependencies) {
  return queueHandler(
    'take-sms-replies',
    async ({ body, sentAt }) => {
      const reply = parseBody(body);
      if (!reply) return { tenant: UNKNOWN_TENANT, type: 'Invalid', outcome: 'invalid' };
      const word = parseReplyKeyword(reply.messageBody);
      if (!word) return { tenant: UNKNOWN_TENANT, type: 'other', outcome: 'ignored' };
      const meant = await findSubscribers(deps.table, reply, word);
      const outcome =
        word === 'yes'
          ? await acceptNewest(deps, meant.subscribers, { inboundMessageId: reply.inboundMessageId, sentAt, word })
          : await applyKeyword(deps, meant, { reply, word, queuedAt: sentAt });
      const [first] = meant.subscribers;
      return { tenant: outcome === 'unclear' ? UNKNOWN_TENANT : (first?.tenant ?? UNKNOWN_TENANT), type: word, outcome };
    },
    'replies',
  );
}

function parseBody(body: string): SmsReply | undefined {
  return SmsReply.safeParse(parseJson(body)).data;
}

async function applyKeyword(
  deps: RepliesDependencies,
  { tenant, subscribers, answering }: Meant,
  { reply, word, queuedAt }: { reply: SmsReply; word: AnsweredKeyword; queuedAt: number },
): Promise<Answered | 'unmatched' | 'unclear'> {
  const { inboundMessageId } = reply;
  const { sentAt } = await recordFirstDelivery(deps.table, inboundMessageId, { sentAt: queuedAt }, deps.now());
  // Stored by number, so it also applies to accounts that are not known yet.
  if (word !== 'help') await recordNumberKeyword(deps.table, tenant, reply.originationNumber, { word, at: isoTime(sentAt) });
  if (subscribers.length === 0) return 'unmatched';
  const applied = { inboundMessageId, sentAt, word };
  const unanswered = answering ? 'another-account' : 'unclear';
  for (const subscriber of subscribers)
    await applyReply(deps, subscriber, { applied, unanswered: subscriber === answering ? undefined : unanswered });
  return answering ? answer(deps, answering, { reply, applied }) : 'unclear';
}

async function applyReply(
  { table, now }: RepliesDependencies,
  subscriber: Subscriber,
  { applied, unanswered }: { applied: AppliedReply; unanswered: string | undefined },
): Promise<void> {
  await changeConsent(table, subscriber, applied);
  await recordReply(table, subscriber, applied);
  if (unanswered === undefined) return;
  await recordAnswer(table, subscriber, { reply: applied, answer: { state: 'none', reason: unanswered, at: isoTime(now()) } });
}

async function changeConsent(table: Table, subscriber: Subscriber, { word, sentAt }: AppliedReply): Promise<void> {
  const change = { channel: 'sms' as const, source: `sms-${word}`, at: isoTime(sentAt) };
  if (word === 'stop') {
    await setConsent(table, subscriber, { class: 'marketing', given: false, ...change });
    await setConsent(table, subscriber, { class: 'service', given: false, ...change });
  }
  if (word === 'start') await setConsent(table, subscriber, { class: 'service', given: true, ...change });
}

/**
 * Accepts the newest open offer of these accounts. The waiting run redeems it and confirms it to the subscriber. When offers of several
 * tenants are open, it accepts none.
 */
async function acceptNewest(
  deps: RepliesDependencies,
  subscribers: Subscriber[],
  yes: AppliedReply,
): Promise<'accepted' | 'no-open-offer' | 'unmatched' | 'unclear'> {
  const { table, now } = deps;
  if (subscribers.length === 0) return 'unmatched';
  const { sentAt, means, couldMean } = await fixMeaning(deps, subscribers, yes);
  if (couldMean) return acceptNone(deps, couldMean, { ...yes, sentAt });
  if (!means) return 'no-open-offer';
  const { tenant, account } = means;
  const applied = { ...yes, sentAt };
  const { offerId } = await recordReply(table, means, { ...applied, offerId: means.offerId });
  const answered =
    offerId === undefined
      ? undefined
      : await answerOffer(deps, { tenant, account, offerId }, { answer: 'accepted', by: 'reply', via: 'sms' });
  const isAccepted = answered?.acceptedAt !== undefined;
  const reason = isAccepted ? 'offer-accepted' : 'no-open-offer';
  await recordAnswer(table, means, { reply: applied, answer: { state: 'none', reason, at: isoTime(now()) } });
  return isAccepted ? 'accepted' : 'no-open-offer';
}

/** Records the reply on each candidate account. The record does not reveal that another tenant's account exists. */
async function acceptNone({ table, now }: RepliesDependencies, subscribers: Subscriber[], yes: AppliedReply): Promise<'unclear'> {
  for (const subscriber of subscribers) {
    await recordReply(table, subscriber, yes);
    await recordAnswer(table, subscriber, { reply: yes, answer: { state: 'none', reason: 'unclear', at: isoTime(now()) } });
  }
  return 'unclear';
}

/** Stores which offer a YES means before accepting it, so that the same text never accepts a second one. */
async function fixMeaning({ table, now }: RepliesDependencies, subscribers: Subscriber[], yes: AppliedReply): Promise<FirstDelivery> {
  const { inboundMessageId, sentAt } = yes;
  const offers = await Promise.all(
    subscribers.map(async (subscriber) => ({
      subscriber,
      offer: await findOpenOffer(table, subscriber.tenant, subscriber.account, sentAt),
    })),
  );
  const open = offers.flatMap(({ subscriber: { tenant, account }, offer }) => (offer ? [{ tenant, account, offerId: offer.offerId }] : []));
  const [newest] = open.toSorted((left, right) => (left.offerId < right.offerId ? 1 : -1));
  if (open.some(({ tenant }) => tenant !== newest?.tenant)) {
    const couldMean = open.map(({ tenant, account }) => ({ tenant, account }));
    return recordFirstDelivery(table, inboundMessageId, { sentAt, couldMean }, now());
  }
  return recordFirstDelivery(table, inboundMessageId, { sentAt, means: newest ?? subscribers[0] }, now());
}

type AnsweredReply = AppliedReply & { word: AnsweredKeyword };
type Answered = 'answered' | 'not-answered' | 'repeated' | 'too-late' | 'no-template';
type ToAnswer = { reply: SmsReply; applied: AnsweredReply };

async function answer(deps: RepliesDependencies, subscriber: Subscriber, { reply, applied }: ToAnswer): Promise<Answered> {
  const { outcome, state, reason } = await sendAnswer(deps, subscriber, { reply, applied });
  const recorded: ReplyAnswer = { state, ...(reason === undefined ? {} : { reason }), at: isoTime(deps.now()) };
  await recordAnswer(deps.table, subscriber, { reply: applied, answer: recorded });
  return outcome;
}

async function sendAnswer(
  { table, configurations, sms, now }: RepliesDependencies,
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

function liveDependencies(): RepliesDependencies {
  const table = createTableClient(settings().tableName);
  const now = () => Date.now();
  return { table, configurations: createConfigurations(table, now), sms: createSmsChannel(), completeCallback: createCallbacks(), now };
}

export const handler = createHandler(liveDependencies());
