import * as z from 'zod';

/** ISO 3166-1 alpha-2. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code such as "US"');
/** A part of a country that has rules of its own, such as a US state: the second half of its ISO 3166-2 code. */
export const Region = z.string().regex(/^[A-Z0-9]{1,3}$/, 'the second half of an ISO 3166-2 code such as "FL"');

/**
 * The second halves of the ISO 3166-2 codes of countries whose parts have rules of their own for marketing. Parts that are countries by
 * themselves in ISO 3166-1, such as Puerto Rico, are listed too: people write them either way.
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

/** Whether a country is known to have no such region; of a country whose regions are not listed here nothing is known. */
export function isUnknownRegion(country: string, region: string): boolean {
  return REGIONS[country]?.includes(region) === false;
}
