import * as z from 'zod';
import { ExistingCountry } from './country.ts';

/** What operators say of the numbers that come with events. */
export const DEVICE_NUMBER_SETTINGS = {
  /**
   * What Totogi's device ids are: phone numbers with their country code (`msisdn`), `imsi`, or something else. No device id is taken for a
   * phone number unless it says `msisdn`: Totogi's own is the SUPI, and an IMSI reads like another country's number.
   */
  deviceIds: z.enum(['msisdn', 'imsi', 'other']).optional(),
  /** ISO 3166-1: where the tenant's numbers are. Without it, no number without a country code is taken for one. */
  country: ExistingCountry.optional(),
};
