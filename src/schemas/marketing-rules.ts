import * as z from 'zod';
import { Country, Region } from './country.ts';

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:00"');
const window = { from: ClockTime, to: ClockTime };
const forwards = <T extends z.ZodType<{ from: string; to: string }>>(hours: T) =>
  hours.refine(({ from, to }) => from < to, { path: ['to'], error: 'a time of day after `from`' });

/** The hours of a day in which marketing may go out, at the subscriber's place: `from` <= t < `to`. */
export const HoursWindow = forwards(z.strictObject(window));
export type HoursWindow = z.infer<typeof HoursWindow>;

/** When marketing may go out, by country and, where a country is narrower in parts, by region. */
export const MarketingHours = z.strictObject({
  /** For countries that are not listed; without it nothing goes there. */
  default: HoursWindow.optional(),
  countries: z.record(Country, forwards(z.strictObject({ ...window, regions: z.record(Region, HoursWindow).default({}) }))).default({}),
});
export type MarketingHours = z.infer<typeof MarketingHours>;

/** How much marketing one account gets, across all workflows and channels. */
export const MarketingCaps = z.strictObject({ perDay: z.int().min(0).default(1), perWeek: z.int().min(0).default(3) });
export type MarketingCaps = z.infer<typeof MarketingCaps>;
