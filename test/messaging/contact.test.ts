import { describe, expect, test } from 'vitest';
import { findEmail, findLanguage, findPhone, isUnreadDevice, sourcesBeforeTotogi } from '../../src/messaging/contact.ts';
import type { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { countryOfPhone } from '../../src/schemas/profile/phone-number.ts';
import type { Profile } from '../../src/schemas/profile/profile.ts';

type Sources = TenantConfiguration['contacts'];
const USUAL: Sources = ['profile', 'device'];
const msisdn = (contacts: Sources) => ({ contacts, deviceIds: 'msisdn' as const });

const profile: Profile = {
  phone: '+14155550101',
  email: 'ada@example.com',
  language: 'en',
  devices: { 'sim-2': { phone: '+14155550102', email: 'bob@example.com', language: 'es' }, 'sim-3': {}, '14155550123': {} },
};
const about = (device: string | undefined) => (device === undefined ? {} : { device });

test.each<[string, string | undefined, Profile | undefined, string | undefined]>([
  ["the device's own entry first", 'sim-2', profile, '+14155550102'],
  ["the account's where the device has none", 'sim-3', profile, '+14155550101'],
  ["the account's where there is no device", undefined, profile, '+14155550101'],
  ['a device id that is a number', '14155550123', undefined, '+14155550123'],
  ['a device id with a plus', '+447700900123', undefined, '+447700900123'],
  ['a device id before an empty profile', '14155550123', {}, '+14155550123'],
  ['no number that is too long for its country', '141555501234', undefined, undefined],
  ['no IMSI', '310150123456789', undefined, undefined],
  ['no name', 'sim-2', undefined, undefined],
  ['no national number', '04155550123', undefined, undefined],
  ['nothing that a profile merely inherits', 'constructor', { devices: {} }, undefined],
  ['nothing at all', undefined, undefined, undefined],
])('the phone is %s', (_what, device, given, phone) => {
  expect(findPhone(about(device), given, msisdn(USUAL))).toBe(phone);
});

test.each<[string, string | undefined, Profile | undefined, string | undefined]>([
  ["the device's own entry first", 'sim-2', profile, 'bob@example.com'],
  ["the account's where the device has none", 'sim-3', profile, 'ada@example.com'],
  ["the account's where there is no device", undefined, profile, 'ada@example.com'],
  ['no device id', 'eve@example.com', {}, undefined],
  ['nothing at all', undefined, undefined, undefined],
])('the email address is %s', (_what, device, given, email) => {
  expect(findEmail(about(device), given, msisdn(USUAL))).toBe(email);
});

describe('the order of looking', () => {
  const properties: Sources[number] = { customProperties: { phone: 'contact.phone', email: 'contact.email' } };

  test.each<[Sources, string | undefined, string | undefined]>([
    [['device', 'profile'], '+14155550123', 'ada@example.com'],
    [['profile'], '+14155550101', 'ada@example.com'],
    [['device'], '+14155550123', undefined],
    [[properties], undefined, undefined],
    [[properties, 'profile'], '+14155550101', 'ada@example.com'],
  ])('%j is the tenant’s', (sources, phone, email) => {
    expect([
      findPhone(about('14155550123'), profile, msisdn(sources)),
      findEmail(about('14155550123'), profile, { contacts: sources }),
    ]).toEqual([phone, email]);
  });
});

test.each<[string, 'msisdn' | 'imsi' | 'other' | undefined, string | undefined]>([
  ['14155550123', 'msisdn', '+14155550123'],
  ['14155550123', 'imsi', undefined],
  ['14155550123', 'other', undefined],
  ['+14155550123', undefined, undefined],
  ['310150123456789', 'msisdn', undefined],
])('the device id %s of a tenant whose ids are %s gives %s', (device, deviceIds, phone) => {
  expect(findPhone({ device }, undefined, { contacts: USUAL, deviceIds })).toBe(phone);
  expect(isUnreadDevice({ device }, { contacts: USUAL, deviceIds })).toBe(phone === undefined);
});

test('without a device, or where none is looked at, no device id is missed', () => {
  expect(isUnreadDevice({}, { contacts: USUAL })).toBe(false);
  expect(isUnreadDevice({ device: 'sim-2' }, { contacts: ['profile'] })).toBe(false);
});

test('a national number is one of the tenant’s country', () => {
  const settings = { ...msisdn(['device', { customProperties: { phone: 'msisdn' } }]), country: 'US' };
  expect(findPhone({ device: '4795550123' }, undefined, settings)).toBe('+14795550123');
  expect(findPhone({ customProperties: { msisdn: '(415) 555-0101' } }, undefined, settings)).toBe('+14155550101');
});

test.each([
  ['sim-2', 'es'],
  ['sim-3', 'en'],
  [undefined, 'en'],
])('who has the device %s speaks %s', (device, language) => {
  expect(findLanguage(about(device), profile)).toBe(language);
});

test.each([
  ['+14155550123', 'US'],
  ['+14165550123', 'CA'],
  ['+34600000001', 'ES'],
  ['+919876543210', 'IN'],
  ['+447700900123', undefined],
  ['+1', undefined],
])('the number %s is of the country %s', (phone, country) => {
  expect(countryOfPhone(phone)).toBe(country);
});

describe("what the tenant keeps on Totogi's account", () => {
  const at = (phone: string, email: string): Sources => [{ customProperties: { phone, email } }];
  const found = (customProperties: Record<string, unknown>, sources: Sources) => [
    findPhone({ customProperties }, undefined, { contacts: sources }),
    findEmail({ customProperties }, undefined, { contacts: sources }),
  ];

  test.each<[string, Record<string, unknown>, Sources, string | undefined, string | undefined]>([
    ['at the top', { msisdn: '+14155550101', mail: 'ada@example.com' }, at('msisdn', 'mail'), '+14155550101', 'ada@example.com'],
    [
      'deeper',
      { contact: { phone: '14155550101', mails: ['ada@example.com'] } },
      at('contact.phone', 'contact.mails.0'),
      '+14155550101',
      'ada@example.com',
    ],
    ['as a number', { msisdn: 14155550101 }, at('msisdn', 'mail'), '+14155550101', undefined],
    ['that is no contact', { msisdn: 'call me', mail: 'ada at home' }, at('msisdn', 'mail'), undefined, undefined],
    ['that is a structure', { msisdn: { phone: '+14155550101' }, mail: null }, at('msisdn', 'mail'), undefined, undefined],
    ['that is not there', {}, at('contact.phone', 'contact.email'), undefined, undefined],
    ['that is merely inherited', {}, at('constructor.name', '__proto__.mail'), undefined, undefined],
    ['where the tenant named one path', { msisdn: '+14155550101' }, [{ customProperties: { phone: 'msisdn' } }], '+14155550101', undefined],
  ])('%s', (_what, properties, sources, phone, email) => {
    expect(found(properties, sources)).toEqual([phone, email]);
  });

  test('comes in the order that the tenant set, and what comes before it is known', () => {
    const sources: Sources = ['profile', { customProperties: { phone: 'msisdn' } }, 'device'];
    const whom = { device: '14155550123', customProperties: { msisdn: '+14155550199' } };
    expect(findPhone(whom, profile, msisdn(sources))).toBe('+14155550101');
    expect(findPhone(whom, undefined, msisdn(sources))).toBe('+14155550199');
    expect(findPhone({ device: '14155550123' }, undefined, msisdn(sources))).toBe('+14155550123');
    expect(sourcesBeforeTotogi(sources)).toEqual(['profile']);
    expect(sourcesBeforeTotogi(USUAL)).toBeUndefined();
  });
});
