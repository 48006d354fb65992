import { ULID_PATTERN } from '../platform/ulid.ts';
import type { NotSentReason, SendReason } from '../schemas/message/message.ts';
import type { PassedReason } from '../schemas/offer/offer-record.ts';
import type { RunOutcome } from '../schemas/run/workflow.ts';

type RunReason =
  | 'plan-end-unknown'
  | 'too-late-for-reminder'
  | 'totogi-does-not-answer'
  | 'totogi-not-configured'
  | 'timed-out'
  | 'unknown-twice'
  | 'log-too-long'
  | 'none-for-this-event'
  | Extract<RunOutcome['outcome'], 'sent' | 'not-sent' | 'unknown' | 'merged' | 'stale'>;

type Reason = NotSentReason | SendReason | PassedReason | RunReason;

/** Each follows a colon or stands in brackets. */
const REASON_WORDS: Record<Reason, string> = {
  'no-contact': 'there is no number or address to send it to',
  'device-id-not-a-number':
    'there is no number to send it to: the device id is no phone number, or the tenant\'s configuration does not say "deviceIds: msisdn"',
  'unknown-to-totogi': 'there is no number or address to send it to, and Totogi does not know the account',
  'contact-unreachable': 'Totogi, which has the number or address, does not answer',
  'no-template': 'there is no template for it in a language of the subscriber or the tenant',
  'no-sender': 'the tenant has no sender address for its class',
  'no-unsubscribe-link': 'it is marketing that its reader could not unsubscribe from',
  'no-offer-link': 'it is an offer, and the service does not know its own address, where it would be accepted',
  'no-countries': 'the tenant does not say which countries it texts (sms.countries, or country)',
  'country-not-allowed': 'the number belongs to a country that the tenant does not text (sms.countries)',
  'number-type-not-allowed':
    'the number is not a mobile or fixed one: it may be premium, toll-free, satellite or of another kind that gets no texts',
  'number-limit': 'the number had as many texts as the tenant allows in an hour or a day (sms.limits.number)',
  'account-limit': 'the account had as many texts as the tenant allows in an hour or a day (sms.limits.account)',
  'tenant-limit': 'the tenant sent as many texts today as it allows (sms.limits.tenantPerDay)',
  'opted-out': 'the subscriber opted out of this channel',
  'no-consent': 'it is marketing and the subscriber never agreed to it',
  'address-suppressed': 'the address bounced for good or complained before',
  'marketing-paused': 'marketing is paused',
  'location-unknown': "it is marketing and the subscriber's country, time zone or, where hours differ by region, region is unknown",
  'no-sending-window': "it is marketing and the tenant has no hours for the subscriber's country",
  'daily-cap-reached': 'the subscriber had as much marketing as the tenant allows in a day',
  'weekly-cap-reached': 'the subscriber had as much marketing as the tenant allows in a week',
  obsolete: 'what it would have said was true no more',
  'too-long': 'its text is longer than a carrier takes',
  'template-failed': 'its template could not be rendered: it names what there is not; fix it',
  'nothing-rolled-over': 'the notification says that nothing was carried over, so there was nothing to tell',
  'claimed-by-another-run': 'another run had claimed it',
  'outside-hours': 'the carrier took no more for so long that the hours for marketing were over',
  throttled: 'the carrier took no more, however often it was tried again',
  'not-attempted': 'the carrier or the records could not be reached, however often it was tried again',
  'not-prepared': 'a fault of the service stopped it before it could be sent; the logs name the fault',
  'not-claimed': 'its record was not that of a message to be sent when it was its turn',
  erased: "the subscriber's profile was deleted before it went",
  'invalid-address': 'the address is none that a mail can be sent to',
  'no-message-id': 'the carrier took it without giving it an id',
  interrupted: 'the attempt was cut off before its outcome was on record',
  'plan-end-unknown': 'nobody says when the plan ends, so there is no reminder',
  'too-late-for-reminder': 'the moment for a reminder had passed',
  'totogi-does-not-answer': 'Totogi did not answer, however often it was asked',
  'totogi-not-configured': 'the tenant has no Totogi configured',
  'timed-out': 'Totogi was asked once and never answered',
  'log-too-long': "Totogi's log since the acceptance is too long to find out whether the plan was granted",
  'unknown-twice': 'Totogi was asked, and twice nobody knew whether it did it',
  'none-for-this-event': 'the tenant has none for this event',
  sent: 'its notice went out',
  'not-sent': 'its notice did not go out',
  unknown: 'nobody knows whether its notice went out',
  merged: 'the message about another event says it',
  stale: 'it was started too late',
  'churn-score-unknown': 'the churn score is unknown',
  'churn-score-outside': 'the churn score is outside its range',
  'lifecycle-state-unknown': 'the life-cycle state is unknown',
  'lifecycle-state-outside': 'the life-cycle state is another one',
  'plan-unknown': 'the plan is unknown',
  'plan-outside': 'the plan is another one',
  'language-outside': 'the language is another one',
  'attribute-unknown': 'an attribute that it asks for is unknown',
  'attribute-outside': 'an attribute has another value',
  'had-before': 'the account had it before',
  'another-recently': 'the account had another offer recently',
  'budget-exhausted': 'its budget is spent',
  'daily-budget-exhausted': "the day's budget is spent",
};

/** Takes one code or several, and removes duplicates. Offer and event IDs, and codes of a carrier or of Totogi, stay as they are. */
export function describeReason(reason: string): string {
  return [...new Set(reason.split(', ').map(describeReasonCode))].join('; ');
}

function describeReasonCode(reason: string): string {
  const [, offer, why] = /^([^:\s]+): (.+)$/.exec(reason) ?? [];
  if (offer !== undefined && why !== undefined) return `${offer}: ${describeReasonCode(why)}`;
  if (ULID_PATTERN.test(reason)) return `event ${reason}`;
  return isReason(reason) ? REASON_WORDS[reason] : reason;
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASON_WORDS, reason);
}
