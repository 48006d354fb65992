import type { Configurations } from '../configuration/configurations.ts';
import { WEEK } from '../platform/duration.ts';
import type { Table } from '../platform/table.ts';
import { applyNumberOptOut } from '../profiles/apply-number-opt-out.ts';
import { findNumberOptOuts } from '../profiles/number-opt-outs.ts';
import { isSuppressed } from '../profiles/suppressions.ts';
import type { MarketingCaps, MarketingHours } from '../schemas/configuration/marketing-rules.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import { textedCountries } from '../schemas/configuration/tenant-configuration.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { MessageReference, NotSentReason } from '../schemas/message/message.ts';
import type { MessageClass } from '../schemas/message/message-class.ts';
import type { Consent, Profile } from '../schemas/profile/profile.ts';
import { isMarketingPaused } from './marketing-pauses.ts';
import { withOptimisticLock } from './marketing-slots.ts';
import { findHours, findOpening, localDate, type SubscriberLocation } from './marketing-window.ts';
import { judgeNumber, type NumberDenyReason } from './number-type.ts';

export type PolicyInput = {
  messageClass: MessageClass;
  channel: Channel;
  contact: string | undefined;
  /** Why no text of any class may go to this number: its country or its type. */
  destination?: NumberDenyReason | undefined;
  /** The latest consent or opt-out for this class on this channel. */
  consent: Consent | undefined;
  suppressed: boolean;
  /** For the tenant or for all tenants. */
  isMarketingPaused: boolean;
  location: SubscriberLocation;
  hours: MarketingHours;
  caps: MarketingCaps;
  /** When the account's marketing of at least the last 7 days was claimed, on any channel: milliseconds since the epoch, in any order. */
  recentMarketing: readonly number[];
  /** Milliseconds since the epoch. */
  now: number;
};

export type Verdict = { verdict: 'allow' } | { verdict: 'hold'; until: number } | { verdict: 'deny'; reason: NotSentReason };

const ALLOW: Verdict = { verdict: 'allow' };

/**
 * Whether a message may go now, later, or not at all.
 *
 * The first reason that applies is returned: `no-contact`, then for texts `no-countries`, `country-not-allowed` and `number-type-not-
 * allowed`, then `opted-out`, `no-consent`, `address-suppressed`, `marketing-paused`, `location-unknown`, `no-sending-window`, `daily-cap-
 * reached`, `weekly-cap-reached`. The class decides which of them apply:
 *
 * - regulatory (such as the European Union's roaming notices): `no-contact` and the three about the number. It goes even to an address that
 * bounced or complained, since the attempt and its receipt prove that the notice was given.
 * - service: also `opted-out` and `address-suppressed`. Silence is no opt-out.
 * - marketing: all, within the hours at the subscriber's location. What is unknown counts against sending (United States: 47 CFR
 * 64.1200(c)(1), 8 am to 9 pm at the called party's location; consent: 64.1200(a)(2), and Directive 2002/58/EC, article 13).
 *
 * A hold is no promise: evaluate again at `until`. Caps count at the time at which the message would go, so today's cap does not deny a
 * message that waits for tomorrow, and no message waits for a day that is already full.
 */
export function evaluateSendPolicy(request: PolicyInput): Verdict {
  const { messageClass, consent } = request;
  if (!request.contact) return deny('no-contact');
  if (request.destination !== undefined) return deny(request.destination);
  if (messageClass === 'regulatory') return ALLOW;
  if (consent?.given === false) return deny('opted-out');
  if (messageClass === 'marketing' && !consent) return deny('no-consent');
  if (request.suppressed) return deny('address-suppressed');
  return messageClass === 'marketing' ? evaluateMarketing(request) : ALLOW;
}

function evaluateMarketing({ isMarketingPaused, location, hours, caps, recentMarketing, now }: PolicyInput): Verdict {
  if (isMarketingPaused) return deny('marketing-paused');
  const local = findHours(location, hours);
  if ('denied' in local) return deny(local.denied);
  const opening = findOpening(now, local);
  const day = localDate(opening, local.timeZone);
  if (recentMarketing.filter((at) => localDate(at, local.timeZone) === day).length >= caps.perDay) return deny('daily-cap-reached');
  // 7 times 24 hours: a message sent exactly that long ago no longer counts.
  if (recentMarketing.filter((at) => at > opening - WEEK).length >= caps.perWeek) return deny('weekly-cap-reached');
  return opening > now ? { verdict: 'hold', until: opening } : ALLOW;
}

function deny(reason: NotSentReason): Verdict {
  return { verdict: 'deny', reason };
}

/**
 * The send policy comes from the version in force: countries, limits and prices of texts, sending windows and frequency caps. For all else
 * a run keeps the version that it started with. So no run keeps sending for weeks what a tenant has since forbidden.
 */
export async function findSendPolicy(configurations: Configurations, own: PublishedConfiguration): Promise<PublishedConfiguration> {
  return (await configurations.current(own.configuration.tenant)) ?? own;
}

export type PolicyFacts = {
  message: MessageReference & { channel: Channel };
  messageClass: MessageClass;
  contact: string | undefined;
  profile: Profile | undefined;
  policy: PublishedConfiguration;
  /** Milliseconds since the epoch. */
  at: number;
};

/** Evaluates the send policy before a claim. An allowed marketing message has a slot under the frequency cap from then on. */
export async function checkSendPolicy(table: Table, facts: PolicyFacts): Promise<Verdict> {
  const request = await policyInput(table, facts);
  if (facts.messageClass !== 'marketing') return evaluateSendPolicy({ ...request, recentMarketing: [] });
  const { message, at } = facts;
  return withOptimisticLock(table, { message, at, decide: (recentMarketing) => evaluateSendPolicy({ ...request, recentMarketing }) });
}

/** Evaluates the send policy for a claimed message. The frequency cap does not apply again: the message has its slot. */
export async function recheckSendPolicy(table: Table, facts: PolicyFacts): Promise<Verdict> {
  return evaluateSendPolicy({ ...(await policyInput(table, facts)), recentMarketing: [] });
}

async function policyInput(table: Table, facts: PolicyFacts): Promise<Omit<PolicyInput, 'recentMarketing'>> {
  const { message, messageClass, contact, profile, policy, at } = facts;
  return {
    messageClass,
    channel: message.channel,
    contact,
    destination: contact && message.channel === 'sms' ? judgeNumber(contact, textedCountries(policy.configuration)) : undefined,
    consent: await currentConsent(table, facts),
    isMarketingPaused: messageClass === 'marketing' && (await isMarketingPaused(table, message.tenant)),
    suppressed: contact !== undefined && (await isSuppressed(table, message.tenant, message.channel, contact)),
    location: { country: profile?.country, region: profile?.region, timeZone: profile?.timeZone },
    hours: policy.configuration.hours,
    caps: policy.configuration.caps,
    now: at,
  };
}

/** For texts, the number's own opt-outs count too. */
async function currentConsent(table: Table, { message, messageClass, contact, profile }: PolicyFacts): Promise<Consent | undefined> {
  if (messageClass === 'regulatory') return undefined;
  const consent = profile?.consents?.[messageClass]?.[message.channel];
  if (message.channel !== 'sms' || contact === undefined) return consent;
  return applyNumberOptOut(messageClass, consent, await findNumberOptOuts(table, message.tenant, contact));
}
