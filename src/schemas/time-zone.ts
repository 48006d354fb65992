import * as z from 'zod';

/** Offsets and the zones of IANA's file `etcetera`: exports write them where they know nothing. */
const NO_PLACE = /^([+-]|Etc\/|GMT|(UTC|UCT|Zulu|Universal|Greenwich)$)/i;

/** Whether a zone names no place on earth, so that nobody's hours follow from it. */
export function namesNoLocation(timeZone: string): boolean {
  return NO_PLACE.test(timeZone);
}

/** An IANA time zone of a place, such as `America/New_York`, that this runtime knows. */
export const TimeZone = z
  .string()
  .refine((zone) => !namesNoLocation(zone) && isTimeZone(zone), 'an IANA time zone of a place, such as "America/New_York"');

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // Intl knows no other way to say that there is no such zone.
    return false;
  }
}
