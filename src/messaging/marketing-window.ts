// Its functions bundle to half the size of its classes.
import * as ZonedDateTimes from 'temporal-polyfill/fns/ZonedDateTime';
import { DAY, HOUR, MINUTE } from '../platform/duration.ts';
import type { HoursWindow, MarketingHours } from '../schemas/configuration/marketing-rules.ts';
import type { NotSentReason } from '../schemas/message/message.ts';
import { isUnknownRegion } from '../schemas/profile/country.ts';
import { namesNoLocation } from '../schemas/profile/time-zone.ts';

/** ISO 3166-1 country, second half of the ISO 3166-2 code, IANA zone. */
export type SubscriberLocation = { country?: string | undefined; region?: string | undefined; timeZone?: string | undefined };

export type LocalHours = { window: HoursWindow; timeZone: string };

/**
 * The hours in which marketing may reach a location, or why there are none.
 *
 * A region narrows its country's hours and never widens them. If some regions of a country have their own hours, the region must be known.
 * A region that is not listed has its country's hours, but only if the country has that region: otherwise a misspelt region would escape
 * its own hours.
 */
export function findHours(
  { country, region, timeZone }: SubscriberLocation,
  hours: MarketingHours,
): LocalHours | { denied: Extract<NotSentReason, 'location-unknown' | 'no-sending-window'> } {
  if (!country || !timeZone || !isZoneOfLocation(timeZone)) return { denied: 'location-unknown' };
  const listed = hours.countries[country];
  const wide = listed ?? hours.default;
  if (!wide) return { denied: 'no-sending-window' };
  const regions = listed?.regions ?? {};
  const narrower = region ? regions[region] : undefined;
  const isKnown = narrower !== undefined || (region && !isUnknownRegion(country, region));
  if (!isKnown && Object.keys(regions).length > 0) return { denied: 'location-unknown' };
  const window = narrow(wide, narrower);
  return window.from < window.to ? { window, timeZone } : { denied: 'no-sending-window' };
}

/**
 * The first time from `now` on at which local clocks show `from` <= time < `to`: `now` itself while the window is open.
 *
 * Local clocks decide, also when they change: a window that opens within the skipped hour opens right after it (or not at all that day, if
 * it also closes within), and one that touches the repeated hour is open both times.
 *
 * @param now in milliseconds since the epoch, like the result.
 */
export function findOpening(now: number, { window, timeZone }: LocalHours): number {
  let time = now;
  while (!isOpen(time, window, timeZone)) {
    const opening = time + ((timeOfDay(window.from) - localTime(time, timeZone) + DAY) % DAY);
    const change = nextClockChange(time, timeZone);
    // Clocks run evenly only up to the next change.
    if (change === undefined || opening < change) return opening;
    time = change;
  }
  return time;
}

/** The local calendar day, as `2026-03-08`. */
export function localDate(at: number, timeZone: string): string {
  return ZonedDateTimes.toString(zoned(at, timeZone)).slice(0, 'yyyy-mm-dd'.length);
}

function isZoneOfLocation(timeZone: string): boolean {
  if (namesNoLocation(timeZone)) return false;
  try {
    zoned(0, timeZone);
    return true;
  } catch {
    // Temporal throws for an unknown zone. The message records why it was not sent.
    return false;
  }
}

function narrow(wide: HoursWindow, narrower: HoursWindow = wide): HoursWindow {
  return { from: wide.from > narrower.from ? wide.from : narrower.from, to: wide.to < narrower.to ? wide.to : narrower.to };
}

function isOpen(at: number, window: HoursWindow, timeZone: string): boolean {
  const time = localTime(at, timeZone);
  return timeOfDay(window.from) <= time && time < timeOfDay(window.to);
}

/** In milliseconds after midnight. */
function localTime(at: number, timeZone: string): number {
  const { hour, minute, second, millisecond } = zoned(at, timeZone);
  return hour * HOUR + minute * MINUTE + second * 1000 + millisecond;
}

function timeOfDay(clockTime: string): number {
  const [hours, minutes] = clockTime.split(':').map(Number);
  return (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE;
}

function nextClockChange(after: number, timeZone: string): number | undefined {
  return ZonedDateTimes.getTimeZoneTransition(zoned(after, timeZone), 'next')?.epochMilliseconds;
}

function zoned(at: number, timeZone: string) {
  return ZonedDateTimes.create(BigInt(at) * 1_000_000n, timeZone);
}
