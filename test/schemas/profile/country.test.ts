import { getCountries } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { isCountry } from '../../../src/schemas/profile/country.ts';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const countries = LETTERS.flatMap((one) => LETTERS.map((other) => one + other)).filter(isCountry);

/** Places that ISO 3166-1 lists and no telephone network serves by a code of its own. */
const WITHOUT_NETWORK = ['AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM'];

describe('the codes of countries', () => {
  test('are those that telephone numbers have, and places without a network of their own', () => {
    expect(getCountries().filter((country) => !isCountry(country))).toEqual([]);
    const reserved = ['CP', 'CQ', 'DG', 'EA', 'IC'];
    expect(countries.filter((country) => !getCountries().some((served) => served === country))).toEqual(
      [...WITHOUT_NETWORK, ...reserved].sort(),
    );
  });

  test.each(['UK', 'SU', 'AN', 'YU', 'EU', 'UN', 'ZZ', 'XX', 'us'])('are not %s', (code) => {
    expect(isCountry(code)).toBe(false);
  });
});
