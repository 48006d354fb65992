import { expect, test } from 'vitest';
import { findPhone } from '../../src/rules/find-contact.ts';
import type { Profile } from '../../src/schemas/profile.ts';

const profile: Profile = { phone: '+14155550101', devices: { 'sim-2': { phone: '+14155550102' }, 'sim-3': {} } };

test.each<[string, string | undefined, Profile | undefined, string | undefined]>([
  ["the device's own entry first", 'sim-2', profile, '+14155550102'],
  ["the account's where the device has none", 'sim-3', profile, '+14155550101'],
  ["the account's where there is no device", undefined, profile, '+14155550101'],
  ['a device id that is a possible number', '14155550123', undefined, '+14155550123'],
  ['a device id with a plus', '+447700900123', undefined, '+447700900123'],
  ['a device id before an empty profile', '14155550123', {}, '+14155550123'],
  ['no number that is too long for its country', '141555501234', undefined, undefined],
  ['no IMSI', '310150123456789', undefined, undefined],
  ['no name', 'sim-2', undefined, undefined],
  ['no national number', '04155550123', undefined, undefined],
  ['nothing that a profile merely inherits', 'constructor', { devices: {} }, undefined],
  ['nothing at all', undefined, undefined, undefined],
])('the phone is %s', (_what, device, given, phone) => {
  expect(findPhone(device === undefined ? {} : { device }, given)).toBe(phone);
});
