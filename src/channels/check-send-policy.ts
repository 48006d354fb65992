import { applyNumberOptOut } from '../rules/apply-number-opt-out.ts';
import { judgeNumber } from '../rules/number-type.ts';
import { evaluateSendPolicy, type PolicyInput, type Verdict } from '../rules/send-policy.ts';
import type { Channel } from '../schemas/channel.ts';
import type { MessageReference } from '../schemas/message.ts';
import type { MessageClass } from '../schemas/message-class.ts';
import type { Consent, Profile } from '../schemas/profile.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { textedCountries } from '../schemas/tenant-configuration.ts';
import { isMarketingPaused } from '../store/marketing-pauses.ts';
import { withOptimisticLock } from '../store/marketing-slots.ts';
import { findNumberOptOuts } from '../store/profiles/number-opt-outs.ts';
import { isSuppressed } from '../store/profiles/suppressions.ts';
import type { Table } from '../store/table.ts';

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
