import * as z from 'zod';
import { ExistingCountry } from './country.ts';

const SHORT_CODE = /^\d{3,8}$/;

/** A number that subscribers can text, as AWS names it: E.164, or a short code of a country. */
export const TwoWayNumber = z.strictObject({
  number: z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8})$/, 'a number such as "+14155550100", or a short code such as "72345", in quotes'),
  country: ExistingCountry,
});
export type TwoWayNumber = z.infer<typeof TwoWayNumber>;

/** A two-way number as it is known by: a short code is one in its country only. */
export function twoWayNumberKey({ number, country }: TwoWayNumber): string {
  return SHORT_CODE.test(number) ? `${country}:${number}` : number;
}
