import { describe, expect, test } from 'vitest';
import {
  canonicalPhone,
  isSamePhone,
  PhoneNumber,
  parseContactPhone,
  parseMachinePhone,
} from '../../../src/schemas/profile/phone-number.ts';

describe('a number that people wrote', () => {
  test.each([
    ['+14155550123', '+14155550123'],
    ['tel:+1-415-555-0123', '+14155550123'],
    ['TEL:+14155550123', '+14155550123'],
    ['msisdn-14155550123', '+14155550123'],
    ['sip:+14155550123@ims.example;user=phone', '+14155550123'],
    ['0014155550123', '+14155550123'],
    [' +1 (415) 555-0123 ', '+14155550123'],
    ['+1.415.555.0123', '+14155550123'],
    ['(+44) 7700 900123', '+447700900123'],
    ['+1\u00A0415\u202F555\u20110123', '+14155550123'],
    ['\u202A+14155550123\u202C', '+14155550123'],
    ['+1415\u200B5550123\uFEFF', '+14155550123'],
    ['＋１（４１５）５５５－０１２３', '+14155550123'],
    ['+١٤١٥٥٥٥٠١٢٣', '+14155550123'],
  ])('%j is %s', (text, phone) => {
    expect(parseContactPhone(text)).toEqual({ phone, isCorrected: false });
    expect(PhoneNumber.parse(text)).toBe(phone);
  });

  test.each([
    ['a trunk zero', '+4407700900123', '+447700900123'],
    ['a trunk zero in brackets', '+44 (0)20 7946 0123', '+442079460123'],
    ['a trunk 1', '+1 1 415 555 0123', '+14155550123'],
    ['a trunk 8', '+7 8 916 123-45-67', '+79161234567'],
    ["Mexico's old 1", '+52 1 33 5555 0123', '+523355550123'],
    ['Argentina without 9', '+54 341 555 0123', '+5493415550123'],
    ["Argentina's 15", '+54 341 15 555 0123', '+5493415550123'],
    ['Brazil without the ninth digit', '+55 21 8765 4321', '+5521987654321'],
  ])('with %s is corrected, and known to be', (_what, text, phone) => {
    expect(parseContactPhone(text)).toEqual({ phone, isCorrected: true });
    expect(canonicalPhone(text)).toBe(phone);
    expect(canonicalPhone(phone)).toBe(phone);
    expect(isSamePhone(text, phone)).toBe(true);
  });

  test.each([
    ['national', '(415) 555-0123'],
    ['bare', '14155550123'],
    ['with an extension', '+1 415 555 0123 ext. 4'],
    ['with an extension', '+14155550123x4'],
    ['with an extension', 'tel:+14155550123;ext=4'],
    ['with a second one', '+14155550123/24'],
    ['with a second one', '+14155550123, +14155550124'],
    ['with two signs', '++14155550123'],
    ['of letters', '+1 800 FLOWERS'],
    ['of no country', '+999123456789'],
    ['too short', '+1415'],
    ['too long', '+141555501234'],
    ['an IMSI with a plus', '+901700000000001'],
    ['an IMEI with a plus', '+861234567890123'],
    ['in scientific notation', '1.41556E+10'],
    ['endless', `+1${' '.repeat(100_000)}4155550123`],
    ['endless', `+${'1'.repeat(100_000)}`],
    ['nothing', ''],
  ])('%s is none: %.40s', (_what, text) => {
    expect(parseContactPhone(text)).toBeUndefined();
    expect(PhoneNumber.safeParse(text).success).toBe(false);
  });

  test('keeps the zero of Italy, and its toll-free numbers their country', () => {
    expect(canonicalPhone('+39 06 1234 5678')).toBe('+390612345678');
    expect(canonicalPhone('+548001234567')).toBe('+548001234567');
  });

  test("of Brazil's landline is dialled as it is, and matched as the mobile that it may be", () => {
    expect(canonicalPhone('+551155550198')).toBe('+551155550198');
    expect(isSamePhone('+551155550198', '+5511955550198')).toBe(true);
    expect(isSamePhone('+551155550198', '+5511955550199')).toBe(false);
  });
});

/** Bare digits, the tenant's country, and what is dialled. */
const DECISIONS: [string, string, string | undefined, string | undefined][] = [
  ['with its country code', '14155550123', undefined, '+14155550123'],
  ['with its country code', '14155550123', 'US', '+14155550123'],
  ['with that of another country', '447700900123', 'US', '+447700900123'],
  ['national', '4155550123', 'US', '+14155550123'],
  ['national, and valid abroad', '4795550123', 'US', '+14795550123'],
  ['national, and valid abroad', '6595550123', 'US', '+16595550123'],
  ['national, of nobody knows where', '4795550123', undefined, undefined],
  ['national, of nobody knows where', '2025550123', undefined, undefined],
  ['short, and abroad', '4520123456', 'US', undefined],
  ['short, and at home', '4520123456', 'DK', '+4520123456'],
  ['national of China, and valid in the United States', '13612345678', 'CN', '+8613612345678'],
  ['national with a trunk zero', '07700900123', 'GB', '+447700900123'],
  ['national with a trunk zero', '07700900123', 'US', undefined],
  ['national with a trunk 8', '89161234567', 'RU', '+79161234567'],
  ['national of Argentina', '3415550123', 'AR', '+5493415550123'],
  ["with Mexico's old 1", '5213355550123', 'MX', '+523355550123'],
  ['dialled from North America', '011447700900123', 'US', '+447700900123'],
  ['dialled from elsewhere', '00447700900123', 'US', '+447700900123'],
  ['a landline', '442079460123', 'GB', undefined],
  ['a landline that says so', '+442079460123', 'GB', '+442079460123'],
  ['too long for its country', '141555501234', 'US', undefined],
];

describe('a number that a machine wrote', () => {
  test.each(DECISIONS)('%s: %s of a tenant in %s is %s', (_what, text, country, phone) => {
    expect(parseMachinePhone(text, country)?.phone).toBe(phone);
  });

  const IMSIS = ['901700000000001', '460001234567890', '234150999999999', '724051234567890', '436041234567890', '310150123456789'];
  const IMEIS = ['490154203237518', '861234567890123', '358000000000017', '35-800000-000001-7', '3580000000000170'];

  test.each([...IMSIS, ...IMEIS].flatMap((id) => [undefined, 'US', 'DE', 'AT'].map((country) => [id, country] as const)))(
    'an IMSI or IMEI is none: %s of a tenant in %s',
    (id, country) => {
      expect(parseMachinePhone(id, country)).toBeUndefined();
      expect(parseMachinePhone(`imsi-${id}`, country)).toBeUndefined();
    },
  );
});
