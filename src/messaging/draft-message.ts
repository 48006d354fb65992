import type { Configurations } from '../configuration/configurations.ts';
import { findEvent } from '../ingest/event-records.ts';
import { logFault } from '../platform/log-fault.ts';
import type { Metrics } from '../platform/metrics.ts';
import { expiryAfter, type Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { hasPhone, writeTextedLookup } from '../profiles/phone-lookups.ts';
import { findProfile } from '../profiles/profile-records.ts';
import { type PublishedConfiguration, templateName } from '../schemas/configuration/published-configuration.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { NotSentReason, SendReason } from '../schemas/message/message.ts';
import type { ReadAccountFacts } from '../schemas/profile/account-facts.ts';
import { countryOfPhone } from '../schemas/profile/phone-number.ts';
import type { Profile } from '../schemas/profile/profile.ts';
import { type AskedTotogi, findContact, findLanguage, isUnreadDevice, waitForTotogi } from './contact.ts';
import type { MessageTopic, OutgoingMessage, SendingRun } from './delivery.ts';
import type { ClaimedMessage, HeldMessage, NotSentMessage } from './message-records.ts';
import { type ChosenTemplate, chooseTemplate, renderEmail, renderSms } from './message-text.ts';
import { messageVariables, type OfferVariables } from './message-variables.ts';
import { checkSendPolicy, findSendPolicy } from './send-policy.ts';
import { countSms } from './sms-parts.ts';
import { takeTextSlots } from './take-text-slots.ts';
import { TemplateFailed } from './template-engine.ts';
import { showsUnsubscribeLink, UNSUBSCRIBE_PLACE } from './unsubscribe-link.ts';

/** Without `publicUrl` there are no unsubscribe links, so no marketing email is sent. */
export type DraftSources = {
  table: Table;
  configurations: Configurations;
  accountFacts: ReadAccountFacts;
  publicUrl: string | undefined;
  metrics?: Metrics | undefined;
  /** Of a workflow whose messages are about more than their event. */
  topic?: MessageTopic | undefined;
  now: () => number;
};

export type Drafting = SendingRun & { contactAwaitedSince?: string | undefined };

export type Draft = ClaimedMessage | HeldMessage | NotSentMessage;

type Facts = {
  message: OutgoingMessage;
  event: RecordedEvent;
  profile: Profile | undefined;
  published: PublishedConfiguration;
  policy: PublishedConfiguration;
  chosen: ChosenTemplate;
  /** Milliseconds since the epoch. */
  at: number;
  offer: OfferVariables | undefined;
};

type Content = Pick<ClaimedMessage, 'to' | 'sender' | 'text' | 'subject' | 'html' | 'parts' | 'encoding'>;
type NotWritten = { notSent: NotSentReason };

/**
 * Chooses template, recipient and sender, evaluates the send policy, and renders the content.
 *
 * @throws when the event or the configuration is not found.
 */
export async function draftMessage(sources: DraftSources, message: OutgoingMessage, run: Drafting): Promise<Draft> {
  const { table, configurations } = sources;
  const { kind, template: _, planEnds, emptyReason, ...reference } = message;
  const [event, profile, published] = await Promise.all([
    findEvent(table, message.tenant, message.account, message.eventId),
    findProfile(table, message.tenant, message.account),
    configurations.version(message.tenant, run.configuration),
  ]);
  if (!event) throw new Error(`Event ${message.eventId} not found.`);
  const policy = await findSendPolicy(configurations, published);
  const at = sources.now();
  const offer = await sources.topic?.variables(message, published);
  const { template, chosen } = chooseMessageTemplate(message, published, {
    own: offer?.template,
    language: findLanguage(event.notification, profile),
  });
  const expiresAt = expiryAfter(at, published.configuration.retention.messagesDays);
  const decided = { ...reference, ...run, template, claimedAt: isoTime(at), ...(expiresAt !== undefined && { expiresAt }) };
  if (!chosen) return { ...decided, state: 'not-sent', reason: 'no-template' };
  const empty = emptyReason?.(event);
  if (empty) return { ...decided, state: 'not-sent', reason: empty };
  const known = { ...decided, class: chosen.template.class, language: chosen.language };
  const facts = { message, event, profile, published, policy, chosen, at, offer };

  const { contact, asked } = await findContact(sources.accountFacts, facts);
  const classified = { ...known, ...(asked && { askedTotogi: { answer: asked.answer, at: isoTime(asked.at) } }) };
  if (contact === undefined && asked?.answer === 'unreachable') return waitForTotogi(classified, published, at);
  const verdict = await checkSendPolicy(table, { message, messageClass: chosen.template.class, contact, profile, policy, at });
  if (verdict.verdict === 'deny') return { ...classified, state: 'not-sent', reason: notSentReasonOf(verdict.reason, facts, asked) };
  const content = writeContent(sources, facts, contact);
  if ('notSent' in content) return { ...classified, state: 'not-sent', reason: content.notSent };
  // A held message is rendered again when it is sent, so its record does not keep unsent content.
  if (verdict.verdict === 'hold')
    return { ...classified, state: 'held', reason: 'outside-hours' satisfies SendReason, heldUntil: isoTime(verdict.until) };
  const limit = await readyText(sources, facts, content.to);
  if (limit !== undefined) return { ...classified, state: 'not-sent', reason: limit };
  return { ...classified, ...content, state: 'claimed' };
}

/** Reserves the slots of a text and writes the lookup of its number. Returns the limit that is reached. */
async function readyText({ table, metrics }: DraftSources, facts: Facts, to: string | undefined): Promise<NotSentReason | undefined> {
  const { message, chosen, policy, profile, at } = facts;
  if (message.channel !== 'sms' || to === undefined) return undefined;
  const limit = await takeTextSlots(table, metrics, { message, messageClass: chosen.template.class, to, policy, at });
  // A profile's own numbers have lookups already.
  if (limit === undefined && !hasPhone(profile ?? {}, to)) await writeTextedLookup(table, to, message, at);
  return limit;
}

function chooseMessageTemplate(
  { workflow, template = workflow, channel }: OutgoingMessage,
  published: PublishedConfiguration,
  { own, language }: { own: string | undefined; language: string | undefined },
): { template: string; chosen: ChosenTemplate | undefined } {
  const shared = templateName(template, channel);
  const ofOffer = own === undefined ? shared : templateName(template, channel, own);
  const chosen = chooseTemplate(ofOffer, published, { language });
  return chosen ? { template: ofOffer, chosen } : { template: shared, chosen: chooseTemplate(shared, published, { language }) };
}

/** Names the cause of a missing contact that someone can fix. */
function notSentReasonOf(reason: NotSentReason, { message, event, published }: Facts, asked: AskedTotogi | undefined): NotSentReason {
  if (reason !== 'no-contact') return reason;
  if (asked?.answer === 'account-not-found') return 'unknown-to-totogi';
  const isUnread = message.channel === 'sms' && isUnreadDevice(event.notification, published.configuration);
  return isUnread ? 'device-id-not-a-number' : reason;
}

/** A broken template does not fix itself, so the message is not sent and the log names the template's fault. */
function writeContent(sources: DraftSources, facts: Facts, to: string | undefined): Content | NotWritten {
  try {
    return write(sources, facts, to);
  } catch (error) {
    if (!(error instanceof TemplateFailed)) throw error;
    const { tenant, eventId, workflow, step } = facts.message;
    logFault(error.message, { tenant, eventId, workflow, step, language: facts.chosen.language });
    return { notSent: 'template-failed' };
  }
}

function write({ publicUrl, topic }: DraftSources, facts: Facts, to: string | undefined): Content | NotWritten {
  if (to === undefined) return { notSent: 'no-contact' };
  const { message, event, profile, published, chosen, at, offer } = facts;
  const { language, template } = chosen;
  const isMarketing = template.class === 'marketing';
  const unsubscribe = isMarketing && message.channel === 'email' ? UNSUBSCRIBE_PLACE : undefined;
  const context = {
    language,
    kind: message.kind,
    planEnds: message.planEnds,
    at,
    name: profile?.name,
    timeZone: profile?.timeZone,
    unsubscribe,
    offer,
  };
  const variables = messageVariables(event, published, context);
  if (message.channel === 'email') {
    const sender = published.configuration.email.from[template.class];
    if (sender === undefined) return { notSent: 'no-sender' };
    const content = renderEmail(template, variables);
    const canUnsubscribe = publicUrl !== undefined && showsUnsubscribeLink(content);
    return isMarketing && !canUnsubscribe ? { notSent: 'no-unsubscribe-link' } : { to, sender, ...content };
  }
  if (isMarketing && topic !== undefined && offer?.link === undefined) return { notSent: 'no-offer-link' };
  const text = renderSms(template, variables);
  const { parts, encoding, tooLong } = countSms(text);
  return tooLong ? { notSent: 'too-long' } : { to, sender: smsSender(published, to, profile), text, parts, encoding };
}

/** Some countries require their own sender id. The number decides the country, then the profile. */
function smsSender({ configuration }: PublishedConfiguration, to: string, profile: Profile | undefined): string | undefined {
  const country = countryOfPhone(to) ?? profile?.country;
  return (country === undefined ? undefined : configuration.sms.senderIds[country]) ?? configuration.senderId;
}
