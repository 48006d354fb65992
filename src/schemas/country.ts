import * as z from 'zod';

/** ISO 3166-1 alpha-2. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code such as "US"');
/** A part of a country that has rules of its own, such as a US state: the second half of its ISO 3166-2 code. */
export const Region = z.string().regex(/^[A-Z0-9]{1,3}$/, 'the second half of an ISO 3166-2 code such as "FL"');
