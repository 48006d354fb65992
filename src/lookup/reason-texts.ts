import type { NotSentReason, SendReason } from '../schemas/message/message.ts';
import type { PassedReason } from '../schemas/offer/offer-reasons.ts';
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
  | Extract<RunOutcome['outcome'], 'sent' | 'not-sent' | 'unknown'>;

type Reason = NotSentReason | SendReason | PassedReason | RunReason;

/** Each follows a colon or stands in brackets. */
const REASON_TEXTS: Record<Reason, string> = {
  'no-contact': 'no phone number or email address is known',
  'device-id-not-a-number':
    'no phone number is known: the device ID is not a phone number, or the tenant\'s configuration does not set "deviceIds: msisdn"',
  'unknown-to-totogi': 'no phone number or email address is known, and Totogi does not know the account',
  'contact-unreachable': 'the number or address is in Totogi, which does not answer',
  'no-template': 'there is no template for it in a language of the subscriber or the tenant',
  'no-sender': 'the tenant has no sender address for this class of message',
  'no-unsubscribe-link': 'it is marketing without a link to unsubscribe',
  'no-offer-link': 'it is an offer without a link to accept it: the service does not know its own address',
  'no-countries': 'the tenant has not configured which countries it texts (sms.countries, or country)',
  'country-not-allowed': 'the number belongs to a country that the tenant does not text (sms.countries)',
  'number-type-not-allowed': 'the number is not a mobile or fixed-line number, but for example premium, toll-free or satellite',
  'number-limit': 'the number reached its limit of texts for an hour or a day (sms.limits.number)',
  'account-limit': 'the account reached its limit of texts for an hour or a day (sms.limits.account)',
  'tenant-limit': 'the tenant reached its limit of texts for the day (sms.limits.tenantPerDay)',
  'opted-out': 'the subscriber opted out of this channel',
  'no-consent': 'the subscriber has not consented to marketing',
  'address-suppressed': 'the address is suppressed after a permanent bounce or a complaint',
  'marketing-paused': 'marketing is paused',
  'location-unknown': "it is marketing and the subscriber's country, time zone or, where hours differ by region, region is unknown",
  'no-sending-window': "it is marketing and the tenant has no hours for the subscriber's country",
  'daily-cap-reached': 'the subscriber reached the daily cap on marketing',
  'weekly-cap-reached': 'the subscriber reached the weekly cap on marketing',
  obsolete: 'its content was no longer true',
  'too-long': 'the text is longer than carriers accept',
  'template-failed': 'the template references an undefined variable and must be fixed',
  'nothing-rolled-over': 'the notification reports that nothing was carried over',
  'claimed-by-another-run': 'another run had claimed it',
  'outside-hours': 'the carrier throttled it until the hours for marketing were over',
  throttled: 'the carrier throttled every attempt',
  'not-attempted': 'the carrier or the database could not be reached',
  'not-prepared': 'a fault of the service stopped it before it was sent; see the logs',
  'not-claimed': 'its record was not in a state to be sent',
  erased: "the subscriber's profile was deleted before it was sent",
  'invalid-address': 'the email address is invalid',
  'no-message-id': 'the carrier accepted it without returning an ID',
  interrupted: 'the attempt was interrupted before its outcome was recorded',
  'plan-end-unknown': 'no reminder, because the end of the plan is unknown',
  'too-late-for-reminder': 'no reminder, because its time had passed',
  'totogi-does-not-answer': 'Totogi did not answer',
  'totogi-not-configured': 'Totogi is not configured for the tenant',
  'timed-out': 'the request to Totogi timed out',
  'log-too-long': "Totogi's log since the acceptance is too long to find out whether the plan was granted",
  'unknown-twice': 'two requests to Totogi ended with an unknown outcome',
  'none-for-this-event': 'the tenant has no offer for this event',
  sent: 'the notice was sent',
  'not-sent': 'the notice was not sent',
  unknown: 'the notice may have been sent',
  'churn-score-unknown': 'the churn score is unknown',
  'churn-score-outside': 'the churn score is outside the range',
  'lifecycle-state-unknown': 'the life-cycle state is unknown',
  'lifecycle-state-outside': 'the life-cycle state does not match',
  'plan-unknown': 'the plan is unknown',
  'plan-outside': 'the plan does not match',
  'language-outside': 'the language does not match',
  'attribute-unknown': 'a required attribute is unknown',
  'attribute-outside': 'an attribute does not match',
  'had-before': 'the account had this offer before',
  'another-recently': 'the account had another offer recently',
  'budget-exhausted': 'the budget is exhausted',
  'daily-budget-exhausted': 'the daily budget is exhausted',
};

/** Codes of a carrier or of Totogi stay as they are. */
export function describeReason(reason: string): string {
  return isReason(reason) ? REASON_TEXTS[reason] : reason;
}

/** Why a run or an offer ended as it did; empty if its outcome says it all. */
export function describeReasons({ reason, event, endedBy, offers = [], notSent = [] }: Omit<RunOutcome, 'outcome'>): string {
  return [
    ...(reason === undefined ? [] : [describeReason(reason)]),
    ...(event === undefined ? [] : [`event ${event}`]),
    ...(endedBy === undefined ? [] : [endedBy]),
    ...offers.map((passed) => `${passed.offer}: ${describeReason(passed.reason)}`),
    ...notSent.map((notice) => `${notice.channel}: ${describeReason(notice.reason)}`),
  ].join('; ');
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASON_TEXTS, reason);
}
