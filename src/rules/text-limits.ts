const HOUR_MILLISECONDS = 3_600_000;
export const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

/** How many texts may go within any hour, and within any 24 hours. */
export type TextLimit = { perHour: number; perDay: number };

/** Whether one text more fits beside those at `times`. What went exactly an hour or a day ago no longer counts. All in milliseconds since the epoch. */
export function hasRoom(times: readonly number[], at: number, { perHour, perDay }: TextLimit): boolean {
  const within = (milliseconds: number) => times.filter((time) => at - time < milliseconds).length;
  return within(HOUR_MILLISECONDS) < perHour && within(DAY_MILLISECONDS) < perDay;
}
