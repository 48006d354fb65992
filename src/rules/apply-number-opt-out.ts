import type { MessageClass } from '../schemas/message-class.ts';
import type { Consent } from '../schemas/profile.ts';

/** When the owner of a number last asked for no more texts, and for texts again: RFC 3339 in UTC. */
export type NumberOptOuts = { stoppedAt?: string | undefined; startedAt?: string | undefined };

/**
 * What stands about texts of a class to a number: the account's consent, or the number's own stop where that was said later. A stop
 * belongs to the number, whichever account it is on and wherever we have it from. A start lifts it for service texts; marketing has to
 * be agreed to again, and what the law requires is no matter of consent.
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
