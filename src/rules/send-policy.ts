import { WEEK } from '../runtime/duration.ts';
import type { Channel } from '../schemas/channel.ts';
import type { MarketingCaps, MarketingHours } from '../schemas/marketing-rules.ts';
import type { NotSentReason } from '../schemas/message.ts';
import type { MessageClass } from '../schemas/message-class.ts';
import type { Consent } from '../schemas/profile.ts';
import { findHours, findOpening, localDate, type SubscriberLocation } from './marketing-window.ts';
import type { NumberDenyReason } from './number-type.ts';

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
