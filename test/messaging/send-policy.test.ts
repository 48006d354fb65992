import { expect, test } from 'vitest';
import { evaluateSendPolicy, type PolicyInput } from '../../src/messaging/send-policy.ts';
import { MarketingHours } from '../../src/schemas/configuration/marketing-rules.ts';
import type { Consent } from '../../src/schemas/profile/profile.ts';

const given: Consent = { given: true, source: 'sign-up', at: '2026-01-01T00:00:00Z' };
const withdrawn: Consent = { given: false, source: 'sms', at: '2026-02-01T00:00:00Z' };
const NOON = Date.parse('2026-03-05T12:00:00-05:00');
const NIGHT = Date.parse('2026-03-05T23:30:00-05:00');
const MORNING = Date.parse('2026-03-06T08:00:00-05:00');
const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

const hours = MarketingHours.parse({ countries: { US: { from: '08:00', to: '21:00', regions: { FL: { from: '08:00', to: '20:00' } } } } });
const newYork = { country: 'US', region: 'NY', timeZone: 'America/New_York' };

const offer: PolicyInput = {
  messageClass: 'marketing',
  channel: 'sms',
  contact: '+12125550123',
  consent: given,
  suppressed: false,
  isMarketingPaused: false,
  location: newYork,
  hours,
  caps: { perDay: 1, perWeek: 3 },
  recentMarketing: [],
  now: NOON,
};
const notice: PolicyInput = { ...offer, messageClass: 'service', consent: undefined, location: {}, hours: { countries: {} }, now: NIGHT };
const proof: PolicyInput = { ...notice, messageClass: 'regulatory' };

const allow = { verdict: 'allow' };
const refused = (reason: string) => ({ verdict: 'deny', reason });

test.each<[string, PolicyInput, unknown]>([
  ['a service message goes at night, to an unknown place, unasked', notice, allow],
  ['a service message goes beyond the caps of marketing', { ...notice, recentMarketing: [NIGHT, NIGHT, NIGHT, NIGHT] }, allow],
  ['a service message without a contact does not go', { ...notice, contact: undefined, consent: withdrawn }, refused('no-contact')],
  ['a service message stops at an opt-out', { ...notice, consent: withdrawn, suppressed: true }, refused('opted-out')],
  ['a service message stops at a suppressed address', { ...notice, channel: 'email', suppressed: true }, refused('address-suppressed')],
  ['a regulatory message goes at night, opted out, suppressed', { ...proof, consent: withdrawn, suppressed: true }, allow],
  ['a regulatory message needs a contact', { ...proof, contact: undefined }, refused('no-contact')],
  ['an empty contact is none', { ...proof, contact: '' }, refused('no-contact')],
  ['an offer goes at noon with consent', offer, allow],
  ['an offer without consent does not go', { ...offer, consent: undefined }, refused('no-consent')],
  ['an offer stops at a withdrawn consent', { ...offer, consent: withdrawn }, refused('opted-out')],
  ['an offer stops at a suppressed address', { ...offer, suppressed: true }, refused('address-suppressed')],
  ['an offer stops where marketing is paused', { ...offer, isMarketingPaused: true }, refused('marketing-paused')],
  ['at night it does not wait for what is stopped', { ...offer, isMarketingPaused: true, now: NIGHT }, refused('marketing-paused')],
  ['a service message goes where marketing is paused', { ...notice, isMarketingPaused: true }, allow],
  ['a regulatory message goes where marketing is paused', { ...proof, isMarketingPaused: true }, allow],
  ['an offer needs the country', { ...offer, location: { ...newYork, country: undefined } }, refused('location-unknown')],
  ['an offer needs the zone', { ...offer, location: { country: 'US', region: 'NY' } }, refused('location-unknown')],
  [
    'an offer needs the state where some have their own hours',
    { ...offer, location: { ...newYork, region: '' } },
    refused('location-unknown'),
  ],
  ['an offer needs a zone that is somewhere', { ...offer, location: { ...newYork, timeZone: 'UTC' } }, refused('location-unknown')],
  ['an offset is no zone', { ...offer, location: { ...newYork, timeZone: '-05:00' } }, refused('location-unknown')],
  ['an offer to a country without hours does not go', { ...offer, location: { ...newYork, country: 'CA' } }, refused('no-sending-window')],
  ['an offer at night waits for the morning', { ...offer, now: NIGHT }, { verdict: 'hold', until: MORNING }],
  ['asked again at that moment, it goes', { ...offer, now: MORNING }, allow],
  ['a second offer on one day does not go', { ...offer, recentMarketing: [NOON - HOUR] }, refused('daily-cap-reached')],
  [
    "at night, the morning's cap counts and not the evening's",
    { ...offer, now: NIGHT, recentMarketing: [NOON] },
    { verdict: 'hold', until: MORNING },
  ],
  [
    'an offer does not wait for a day that allows none',
    { ...offer, now: NIGHT, caps: { perDay: 0, perWeek: 3 } },
    refused('daily-cap-reached'),
  ],
  [
    'before the window opens, the day that it opens on counts',
    { ...offer, now: MORNING - HOUR, recentMarketing: [MORNING - 2 * HOUR] },
    refused('daily-cap-reached'),
  ],
  [
    'a fourth offer within 7 x 24 hours does not go',
    { ...offer, recentMarketing: [NOON - WEEK + 1, NOON - 50 * HOUR, NOON - 99 * HOUR] },
    refused('weekly-cap-reached'),
  ],
  ['what went 7 x 24 hours ago counts no more', { ...offer, recentMarketing: [NOON - WEEK, NOON - 50 * HOUR, NOON - 99 * HOUR] }, allow],
  ['what a clock ahead of ours claimed counts', { ...offer, recentMarketing: [NOON + 20] }, refused('daily-cap-reached')],
])('%s', (_title, request, verdict) => {
  expect(evaluateSendPolicy(request)).toEqual(verdict);
});

test('of several reasons the first in the documented order is given', () => {
  const spent = { ...offer, caps: { perDay: 1, perWeek: 1 }, recentMarketing: [NOON] };
  const fixed: [string, Partial<PolicyInput>][] = [
    ['no-contact', { contact: '+12125550123' }],
    ['opted-out', { consent: undefined }],
    ['no-consent', { consent: given }],
    ['address-suppressed', { suppressed: false }],
    ['marketing-paused', { isMarketingPaused: false }],
    ['location-unknown', { location: { ...newYork, country: 'CA' } }],
    ['no-sending-window', { location: newYork }],
    ['daily-cap-reached', { caps: { perDay: 9, perWeek: 1 } }],
    ['weekly-cap-reached', { caps: { perDay: 9, perWeek: 9 } }],
  ];

  let request: PolicyInput = { ...spent, contact: undefined, consent: withdrawn, suppressed: true, isMarketingPaused: true, location: {} };
  for (const [reason, fix] of fixed) {
    expect(evaluateSendPolicy(request)).toEqual(refused(reason));
    request = { ...request, ...fix };
  }
  expect(evaluateSendPolicy(request)).toEqual(allow);
});
