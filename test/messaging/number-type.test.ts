import { expect, test } from 'vitest';
import { judgeNumber, locateNumber } from '../../src/messaging/number-type.ts';

test.each([
  ['US', '+14155550101'],
  ['US', '+12125552368'],
  ['US', '+15550100123'],
  ['CA', '+14165550123'],
  ['PR', '+17875550123'],
  ['DO', '+18095550123'],
  ['GB', '+447700900123'],
  ['GB', '+447400123456'],
  ['GB', '+441632960123'],
  ['IM', '+447624123456'],
  ['IE', '+353850123456'],
  ['DE', '+4915112345678'],
  ['FR', '+33612345678'],
  ['ES', '+34612345678'],
  ['IT', '+393123456789'],
  ['PT', '+351912345678'],
  ['PL', '+48512345678'],
  ['SE', '+46701234567'],
  ['TR', '+905012345678'],
  ['IN', '+919876543210'],
  ['AU', '+61491570156'],
  ['NZ', '+64211234567'],
  ['JP', '+819012345678'],
  ['SG', '+6581234567'],
  ['PH', '+639051234567'],
  ['ID', '+62812345678'],
  ['BR', '+5511961234567'],
  ['MX', '+525512345678'],
  ['AR', '+5491123456789'],
  ['CO', '+573211234567'],
  ['NG', '+2348021234567'],
  ['KE', '+254712123456'],
  ['ZA', '+27711234567'],
  ['KZ', '+77710009998'],
])('a person in %s may have %s', (country, phone) => {
  expect(judgeNumber(phone, [country])).toBeUndefined();
  expect(judgeNumber(phone, ['AQ'])).toBe('country-not-allowed');
  expect(judgeNumber(phone, [])).toBe('no-countries');
});

test.each([
  ['premium', 'GB', '+449098790000'],
  ['premium, of a range that nobody was given', 'GB', '+449999999999'],
  ['premium', 'US', '+19005550123'],
  ['premium', 'FR', '+33899123456'],
  ['premium', 'DE', '+499001234567'],
  ['premium', 'ES', '+34803123456'],
  ['premium', 'IT', '+39899123456'],
  ['premium', 'AU', '+611900123456'],
  ['shared cost', 'GB', '+448431234567'],
  ['shared cost', 'DE', '+491803123456'],
  ['shared cost', 'AU', '+611300123456'],
  ['toll-free', 'US', '+18005550123'],
  ['toll-free', 'GB', '+448001234567'],
  ['toll-free', 'BR', '+55800123456'],
  ['personal', 'GB', '+447012345678'],
  ['personal', 'US', '+15005550006'],
  ['pager', 'GB', '+447640123456'],
  ['company-wide', 'GB', '+443001234567'],
  ['VoIP', 'GB', '+445612345678'],
  ['VoIP', 'FR', '+33912345678'],
])('what is %s in %s gets nothing: %s', (_kind, country, phone) => {
  expect(judgeNumber(phone, [country])).toBe('number-type-not-allowed');
});

test.each([
  ['satellite', '+870773123456'],
  ['satellite', '+881612345678'],
  ['satellite', '+882131234567'],
  ['an international network', '+883510012345'],
  ['universal personal', '+878101234567890'],
  ['international premium', '+979123456789'],
  ['international toll-free', '+80012345678'],
  ['international shared cost', '+80812345678'],
  ['of no plan', '+999123456789'],
  ['too long', '+4412345678901234'],
  ['no number', 'constructor'],
])('what is %s belongs to no country: %s', (_kind, phone) => {
  expect(locateNumber(phone).country).toBeUndefined();
  expect(judgeNumber(phone, ['US', 'GB'])).toBe('number-type-not-allowed');
});
