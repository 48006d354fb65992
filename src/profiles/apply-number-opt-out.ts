import type { MessageClass } from '../schemas/message/message-class.ts';
import type { Consent } from '../schemas/profile/profile.ts';

/** The last opt-out and the last opt-in from a number itself: RFC 3339 in UTC. */
export type NumberOptOuts = { stoppedAt?: string | undefined; startedAt?: string | undefined };

/**
 * The consent in force for texts of a class to a number: the account's consent, or the number's own opt-out if that is later. An opt-out
 * belongs to the number, whichever account has it and whatever its source. An opt-in lifts it for service texts only: marketing needs new
 * consent, and regulatory texts depend on none.
 */
export function applyNumberOptOut(
  messageClass: MessageClass,
  consent: Consent | undefined,
  { stoppedAt, startedAt }: NumberOptOuts,
): Consent | undefined {
  if (messageClass === 'regulatory' || stoppedAt === undefined) return consent;
  const isLifted = messageClass === 'service' && startedAt !== undefined && startedAt > stoppedAt;
  const isOverruled = consent !== undefined && Date.parse(consent.at) > Date.parse(stoppedAt);
  return isLifted || isOverruled ? consent : { given: false, source: 'sms-stop', at: stoppedAt };
}
