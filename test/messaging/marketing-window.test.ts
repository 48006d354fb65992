import { expect, test } from 'vitest';
import { findHours, findOpening } from '../../src/messaging/marketing-window.ts';
import { MarketingHours } from '../../src/schemas/configuration/marketing-rules.ts';

test.each<[string, string, string, string, string, string]>([
  ['opens with its first minute', 'America/New_York', '08:00', '21:00', '2025-06-10T07:59:59.999-04:00', '2025-06-10T08:00:00-04:00'],
  ['is open then', 'America/New_York', '08:00', '21:00', '2025-06-10T08:00:00-04:00', '2025-06-10T08:00:00-04:00'],
  ['is open until its end', 'America/New_York', '08:00', '21:00', '2025-06-10T20:59:59.999-04:00', '2025-06-10T20:59:59.999-04:00'],
  ['is closed at its end', 'America/New_York', '08:00', '21:00', '2025-06-10T21:00:00-04:00', '2025-06-11T08:00:00-04:00'],
  ['follows the clock in spring', 'America/New_York', '08:00', '21:00', '2025-03-08T21:00:00-05:00', '2025-03-09T08:00:00-04:00'],
  ['follows the clock in autumn', 'America/New_York', '08:00', '21:00', '2025-11-01T21:00:00-04:00', '2025-11-02T08:00:00-05:00'],
  ['in the skipped hour opens after it', 'America/New_York', '02:30', '12:00', '2025-03-09T01:00:00-05:00', '2025-03-09T03:00:00-04:00'],
  ['all skipped waits a day', 'Europe/Berlin', '02:15', '02:45', '2025-03-30T01:00:00+01:00', '2025-03-31T02:15:00+02:00'],
  ['in the repeated hour opens twice', 'Europe/Berlin', '02:15', '02:45', '2025-10-26T02:45:00+02:00', '2025-10-26T02:15:00+01:00'],
  ['that ended opens as the hour repeats', 'Europe/Berlin', '00:30', '02:15', '2025-10-26T02:20:00+02:00', '2025-10-26T02:00:00+01:00'],
  ['skipped at midnight opens at one', 'Africa/Cairo', '00:30', '06:00', '2025-04-24T12:00:00+02:00', '2025-04-25T01:00:00+03:00'],
  ['skips half an hour', 'Australia/Lord_Howe', '02:15', '12:00', '2025-10-05T01:00:00+10:30', '2025-10-05T02:30:00+11:00'],
  ['skips two hours', 'Antarctica/Troll', '02:00', '12:00', '2025-03-30T00:00:00+00:00', '2025-03-30T03:00:00+02:00'],
  ['knows quarters of an hour', 'Asia/Kathmandu', '08:00', '21:00', '2025-06-10T00:00:00Z', '2025-06-10T08:00:00+05:45'],
  ['knows the far side of the date line', 'Pacific/Chatham', '08:00', '21:00', '2025-09-27T12:00:00Z', '2025-09-28T08:00:00+13:45'],
  ['leaves out a day that never was', 'Pacific/Apia', '08:00', '21:00', '2011-12-29T21:00:00-10:00', '2011-12-31T08:00:00+14:00'],
])('a window %s (%s, %s to %s)', (_claim, timeZone, from, to, now, opening) => {
  expect(new Date(findOpening(Date.parse(now), { timeZone, window: { from, to } }))).toEqual(new Date(opening));
});

const hours = MarketingHours.parse({
  default: { from: '10:00', to: '18:00' },
  countries: {
    US: {
      from: '08:00',
      to: '21:00',
      regions: { FL: { from: '08:00', to: '20:00' }, TX: { from: '07:00', to: '23:00' }, ZZ: { from: '22:00', to: '23:00' } },
    },
    GB: { from: '09:00', to: '20:00' },
  },
});
const timeZone = 'America/Chicago';
const within = (from: string, to: string) => ({ window: { from, to }, timeZone });

test.each([
  ['a region narrows its country', { country: 'US', region: 'FL', timeZone }, within('08:00', '20:00')],
  ['a region never widens its country', { country: 'US', region: 'TX', timeZone }, within('08:00', '21:00')],
  ['a region and country without a common hour have none', { country: 'US', region: 'ZZ', timeZone }, { denied: 'no-sending-window' }],
  ['a region that is not listed has the hours of its country', { country: 'US', region: 'IL', timeZone }, within('08:00', '21:00')],
  ['a region that the country has not is an unknown place', { country: 'US', region: 'QQ', timeZone }, { denied: 'location-unknown' }],
  ['an unknown region of a country with narrower ones is an unknown place', { country: 'US', timeZone }, { denied: 'location-unknown' }],
  ['a country without narrower regions asks for none', { country: 'GB', timeZone }, within('09:00', '20:00')],
  ['a country that is not listed has the default hours', { country: 'FR', region: 'FL', timeZone }, within('10:00', '18:00')],
  ['a zone that nobody knows is an unknown place', { country: 'GB', timeZone: 'Europe/Camelot' }, { denied: 'location-unknown' }],
  ['a zone of the sea is no place', { country: 'GB', timeZone: 'Etc/GMT+5' }, { denied: 'location-unknown' }],
])('%s', (_claim, place, found) => {
  expect(findHours(place, hours)).toEqual(found);
});
