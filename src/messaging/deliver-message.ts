import { randomUUID } from 'node:crypto';
import { MINUTE } from '../platform/duration.ts';
import { expiryAfter, type Table } from '../platform/table.ts';
import { isoTime, secondsBetween } from '../platform/time.ts';
import { isTransient } from '../platform/transient-errors.ts';
import { findProfile } from '../profiles/profile-records.ts';
import { type PublishedConfiguration, templateName } from '../schemas/configuration/published-configuration.ts';
import type { MessageRecord, MessageReference, NotSentReason, SendReason, SendResult } from '../schemas/message/message.ts';
import { countryOfPhone } from '../schemas/profile/phone-number.ts';
import type { EmailChannel } from './carriers/email.ts';
import type { AttemptResult } from './carriers/single-attempt.ts';
import type { DltIds, SmsChannel } from './carriers/sms.ts';
import {
  type Claim,
  type Delivery,
  type MessageContent,
  NotPrepared,
  NotSent,
  type OutgoingMessage,
  type SendingRun,
  Throttled,
} from './delivery.ts';
import { type Draft, type Drafting, type DraftSources, draftMessage } from './draft-message.ts';
import { issueLink } from './links.ts';
import {
  beginSendAttempt,
  claimMessage,
  finalizeMessage,
  findMessage,
  holdMessage,
  keyOf,
  mergeMessage,
  messageId,
  postponeSendAttempt,
  recordNotSent,
  releaseClaim,
  type Transition,
  writeReceiptPath,
} from './message-records.ts';
import { findSendPolicy, recheckSendPolicy } from './send-policy.ts';
import { isWithinLimit } from './take-text-slots.ts';
import { withUnsubscribeLink } from './unsubscribe-link.ts';

/** The send policy is checked again for a claim older than this: the sending window, the consent or the offer may have ended. */
const RECHECKS_AFTER_MILLISECONDS = MINUTE;

export type DeliveryDependencies = DraftSources & { sms: SmsChannel; email: EmailChannel };

export function createDelivery(deps: DeliveryDependencies): Delivery {
  const { table, now } = deps;
  return {
    async claim(message, run) {
      const stored = await findMessage(table, message);
      const isOpen = stored === undefined || (stored.state === 'held' && stored.owner === run.owner);
      const decided = isOpen ? await decide(deps, message, { ...run, contactAwaitedSince: stored?.contactAwaitedSince }) : stored;
      return claimResult(await releaseIfOverLimit(deps, decided, run), run, now());
    },
    send: (reference) => attemptSend(deps, reference),
    async finalize(reference, result) {
      const { message } = await finalizeMessage(table, reference, result, now());
      await deps.topic?.recordSending(message, result);
    },
    async merge(message, run, intoEventId) {
      await mergeMessage(table, { ...(await unsentRecord(deps, message, run)), state: 'merged', mergedInto: intoEventId });
    },
    async withdraw(message, run) {
      await recordNotSent(table, { ...(await unsentRecord(deps, message, run)), state: 'not-sent', reason: 'obsolete' });
    },
  };
}

async function decide(deps: DeliveryDependencies, message: OutgoingMessage, run: Drafting): Promise<MessageRecord> {
  return (await save(deps.table, await draftMessage(deps, message, run))).message;
}

function save(table: Table, draft: Draft): Promise<Transition> {
  switch (draft.state) {
    case 'claimed':
      return claimMessage(table, draft);
    case 'held':
      return holdMessage(table, draft);
    case 'not-sent':
      return recordNotSent(table, draft);
  }
}

/** Concurrent claims may exceed the account's limit. Excess claims are released before sending. */
async function releaseIfOverLimit(deps: DeliveryDependencies, message: MessageRecord, run: SendingRun): Promise<MessageRecord> {
  if (message.state !== 'claimed' || message.owner !== run.owner) return message;
  const published = await deps.configurations.version(message.tenant, message.configuration);
  const policy = await findSendPolicy(deps.configurations, published);
  if (await isWithinLimit(deps.table, message, policy, deps.now())) return message;
  return (await releaseClaim(deps.table, message, 'account-limit')).message;
}

/** For the run that claimed it, a message counts as `claimed` in every later state too, unless its claim was released. */
function claimResult({ owner, state, reason, heldUntil }: MessageRecord, run: SendingRun, at: number): Claim {
  if (owner !== run.owner) return { outcome: 'not-sent', reason: 'claimed-by-another-run' satisfies SendReason };
  if (state === 'not-sent' || state === 'merged') return { outcome: 'not-sent', reason: reason ?? state };
  if (state !== 'held' || heldUntil === undefined) return { outcome: 'claimed' };
  return { outcome: 'held', until: heldUntil, waitSeconds: Math.max(1, secondsBetween(at, Date.parse(heldUntil))) };
}

async function unsentRecord(
  { table, configurations, now }: DeliveryDependencies,
  message: OutgoingMessage,
  run: SendingRun,
): Promise<Omit<MessageRecord, 'state'>> {
  const { kind, template: named, planEnds, ...reference } = message;
  const at = now();
  const [stored, { configuration }] = await Promise.all([
    findMessage(table, message),
    configurations.version(message.tenant, run.configuration),
  ]);
  const expiresAt = expiryAfter(at, configuration.retention.messagesDays);
  const known = {
    template: stored?.template ?? templateName(named ?? message.workflow, message.channel),
    class: stored?.class,
    language: stored?.language,
  };
  return { ...reference, ...run, ...known, claimedAt: isoTime(at), ...(expiresAt !== undefined && { expiresAt }) };
}

type Attempt = { attemptId: string; send: () => Promise<AttemptResult> };

/**
 * Sends a claimed message. The attempt is recorded before it is made, so at most one can reach the carrier.
 *
 * @throws NotSent when the table did not answer or the carrier was not reached, Throttled when the carrier throttles, NotPrepared when our
 * own code failed first. Nothing was sent in any of these, so the step may be retried.
 */
async function attemptSend(deps: DeliveryDependencies, reference: MessageReference): Promise<SendResult> {
  const ready = await startAttempt(deps, reference).catch((error) => {
    throw isTransient(error) ? new NotSent('the table did not answer', error) : new NotPrepared(error);
  });
  if ('outcome' in ready) return ready;
  const result = await ready.send();
  if (result.outcome !== 'throttled' && result.outcome !== 'unreachable') return result;
  const { outcome, reason } = result;
  const isRecorded = await recordPostponed(deps, reference, { attemptId: ready.attemptId, reason });
  // If that is not recorded, a retry would count this attempt as possibly sent.
  if (!isRecorded) return { outcome: 'failed', reason };
  throw outcome === 'throttled' ? new Throttled(reason) : new NotSent(`the carrier was not reached (${reason})`);
}

async function recordPostponed(deps: DeliveryDependencies, reference: MessageReference, postponed: { attemptId: string; reason: string }) {
  try {
    const { outcome } = await postponeSendAttempt(deps.table, reference, { ...postponed, at: deps.now() });
    return outcome === 'done';
  } catch {
    // The table does not answer, and nothing was sent. The caller returns `failed`, and the run records that later.
    return false;
  }
}

async function startAttempt(deps: DeliveryDependencies, reference: MessageReference): Promise<SendResult | Attempt> {
  const message = await findMessage(deps.table, reference);
  if (message?.state !== 'claimed') return { outcome: 'failed', reason: 'not-claimed' satisfies SendReason };
  const published = await deps.configurations.version(message.tenant, message.configuration);
  const policy = await findSendPolicy(deps.configurations, published);
  const blocker = await findBlocker(deps, message, policy);
  // A blocked message uses up its attempt too: no retry can send it, and an earlier attempt is noticed.
  const send = blocker === undefined ? await prepareSend(deps, message, { published, policy }) : failWith(blocker);
  const attemptId = randomUUID();
  const { outcome } = await beginSendAttempt(deps.table, reference, attemptId);
  if (outcome === 'already-done') return { outcome: 'unknown', reason: 'interrupted' satisfies SendReason };
  return outcome === 'conflict' ? { outcome: 'failed', reason: 'not-claimed' satisfies SendReason } : { attemptId, send };
}

async function findBlocker(
  deps: DeliveryDependencies,
  message: MessageRecord,
  policy: PublishedConfiguration,
): Promise<string | undefined> {
  const { table, now } = deps;
  const at = now();
  const { class: messageClass, to: contact } = message;
  const isFresh = at - Date.parse(message.claimedAt) <= RECHECKS_AFTER_MILLISECONDS;
  if (isFresh || messageClass === undefined || contact === undefined) return undefined;
  const profile = await findProfile(table, message.tenant, message.account);
  const verdict = await recheckSendPolicy(table, { message, messageClass, contact, profile, policy, at });
  if (verdict.verdict === 'deny') return verdict.reason;
  if (verdict.verdict === 'hold') return 'outside-hours' satisfies SendReason;
  return (await deps.topic?.isOver(message)) ? ('obsolete' satisfies NotSentReason) : undefined;
}

async function prepareSend(deps: DeliveryDependencies, message: MessageRecord, under: Configured): Promise<() => Promise<AttemptResult>> {
  const { to, text } = message;
  // Deleting a profile erases recipient and text from its messages.
  if (to === undefined || text === undefined) return failWith('erased' satisfies SendReason);
  const stored = { text, html: message.html };
  const content = { to, ...((await deps.topic?.withLinks(message, stored)) ?? stored) };
  switch (message.channel) {
    case 'sms':
      return prepareSms(deps, message, under, content);
    case 'email':
      return prepareEmail(deps, message, under.published, content);
  }
}

function failWith(reason: string): () => Promise<AttemptResult> {
  return async () => ({ outcome: 'failed', reason });
}

type Content = MessageContent & { to: string };
/** `published` is the message's own version; `policy` the one in force. */
type Configured = { published: PublishedConfiguration; policy: PublishedConfiguration };

function prepareSms(deps: DeliveryDependencies, message: MessageRecord, { published, policy }: Configured, { to, text }: Content) {
  const { maxPriceUsd } = policy.configuration.sms;
  const dlt = dltIds(message, published, to);
  return () => deps.sms.send({ to, text, senderId: message.sender, messageClass: message.class, maxPriceUsd, dlt });
}

/** India requires both IDs of its register of senders and templates (DLT). Other countries need neither. */
function dltIds(message: MessageRecord, { configuration, templates }: PublishedConfiguration, to: string): DltIds | undefined {
  const entityId = configuration.sms.dltEntityId;
  const templateId = templates[`${message.language}/${message.template}`]?.dltTemplateId;
  return entityId === undefined || templateId === undefined || countryOfPhone(to) !== 'IN' ? undefined : { entityId, templateId };
}

async function prepareEmail(
  deps: DeliveryDependencies,
  message: MessageRecord,
  published: PublishedConfiguration,
  { to, text, html }: Content,
) {
  const { sender: from, subject, class: messageClass } = message;
  if (from === undefined || subject === undefined || html === undefined || messageClass === undefined)
    throw new Error('The claimed email lacks a sender, subject or body.');
  const id = messageId(message);
  // SES returns our ID, so a receipt finds the message even when the result of the call is unknown.
  await writeReceiptPath(deps.table, message, id);
  const unsubscribeUrl = messageClass === 'marketing' ? await makeUnsubscribeUrl(deps, message) : undefined;
  const content = unsubscribeUrl === undefined ? { text, html } : withUnsubscribeLink({ text, html }, unsubscribeUrl);
  const configurationSet = published.configuration.email.configurationSets[messageClass];
  return () => deps.email.send({ to, from, subject, ...content, unsubscribeUrl, configurationSet, messageId: id });
}

async function makeUnsubscribeUrl({ table, publicUrl }: DeliveryDependencies, message: MessageReference): Promise<string> {
  if (publicUrl === undefined) throw new Error('publicUrl is not set, so marketing email has no unsubscribe link. Set publicUrl.');
  return `${publicUrl}/u/${await issueLink(table, { kind: 'unsubscribe', target: keyOf(message) })}`;
}
