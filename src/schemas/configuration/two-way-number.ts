import * as z from 'zod';
import { ExistingCountry } from '../profile/country.ts';

/** A number that subscribers can text, as AWS has it: E.164, or a short code of a country. */
export const TwoWayNumber = z.strictObject({
  number: z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8})$/, 'a number such as "+14155550100", or a short code such as "72345", in quotes'),
  country: ExistingCountry,
});
export type TwoWayNumber = z.infer<typeof TwoWayNumber>;

/** A short code is unique in its country only. */
export function twoWayNumberKey({ number, country }: TwoWayNumber): string {
  return isShortCode(number) ? `${country}:${number}` : number;
}

export function isShortCode(number: string): boolean {
  return /^\d{3,8}$/.test(number);
}
