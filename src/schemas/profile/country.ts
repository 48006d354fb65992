import * as z from 'zod';

const COUNTRY = 'the ISO 3166 code of a country, such as "US" or "GB"';

/** The form of an ISO 3166-1 alpha-2 code; the country may not exist. */
export const Country = z.string().regex(/^[A-Z]{2}$/, { error: COUNTRY, abort: true });
export const ExistingCountry = Country.refine(isCountry, COUNTRY);
/** A part of a country with its own rules, such as a US state: the second half of its ISO 3166-2 code. */
export const Region = z.string().regex(/^[A-Z0-9]{1,3}$/, 'the second half of an ISO 3166-2 code such as "FL"');

/**
 * The second halves of the ISO 3166-2 codes of countries whose parts have their own rules for marketing. Parts that are countries in ISO
 * 3166-1, such as Puerto Rico, are listed too: people write them either way.
 * https://www.iso.org/obp/ui/#iso:code:3166:US (and CA, AU)
 */
const REGIONS: Record<string, string[]> = {
  US: [
    ...['AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA'],
    ...['MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN'],
    ...['TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY', 'DC', 'AS', 'GU', 'MP', 'PR', 'UM', 'VI'],
  ],
  CA: ['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT'],
  AU: ['ACT', 'NSW', 'NT', 'QLD', 'SA', 'TAS', 'VIC', 'WA'],
};

/** False for every region of a country whose regions are not listed here. */
export function isUnknownRegion(country: string, region: string): boolean {
  return REGIONS[country]?.includes(region) === false;
}

/** CLDR's codes that are no countries: the European Union, the eurozone, the United Nations, outlying or unknown territory, and tests. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'QO', 'ZZ', 'XA', 'XB']);

/** Created on first use, because ICU is slow to load. */
let names: Intl.DisplayNames | undefined;

/** ICU has a name for each country, and another code for a wrong or former one: "UK" becomes "GB". */
export function isCountry(code: string): boolean {
  names ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return !NO_COUNTRY.has(code) && names.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code;
}
