import * as z from 'zod';

/** Offsets and the zones of IANA's file `etcetera`: exports write them when the zone is unknown. */
const NO_PLACE = /^([+-]|Etc\/|GMT|(UTC|UCT|Zulu|Universal|Greenwich)$)/i;

/** Whether a zone belongs to no location, so that no local hours follow from it. */
export function namesNoLocation(timeZone: string): boolean {
  return NO_PLACE.test(timeZone);
}

/** An IANA time zone of a location, such as `America/New_York`, that this runtime knows. */
export const TimeZone = z
  .string()
  .refine((zone) => !namesNoLocation(zone) && isTimeZone(zone), 'an IANA time zone of a place, such as "America/New_York"');

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
