import * as z from 'zod';
import { ExistingCountry } from '../profile/country.ts';

export const DEVICE_NUMBER_SETTINGS = {
  /**
   * What Totogi's device IDs are: phone numbers with a country code (`msisdn`), `imsi`, or something else. Only `msisdn` allows a device ID
   * as a phone number: Totogi's own ID is the SUPI, and an IMSI looks like another country's number.
   */
  deviceIds: z.enum(['msisdn', 'imsi', 'other']).optional(),
  /** ISO 3166-1. Without it, a number without a country code is not a contact. */
  country: ExistingCountry.optional(),
};
