import { DAY, HOUR } from '../../platform/duration.ts';

export type TextLimit = { perHour: number; perDay: number };

/**
 * Whether one more text is within the limit. A text sent exactly an hour or a day ago no longer counts. Times are in milliseconds since the
 * epoch.
 */
export function hasRoom(times: readonly number[], at: number, { perHour, perDay }: TextLimit): boolean {
  const within = (milliseconds: number) => times.filter((time) => at - time < milliseconds).length;
  return within(HOUR) < perHour && within(DAY) < perDay;
}
