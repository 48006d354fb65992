import * as z from 'zod';
import { Country, Region } from '../profile/country.ts';
import { boundedRecord, whenFieldsHold } from './bounds.ts';

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:00"');
const window = { from: ClockTime, to: ClockTime };
const forwards = <T extends z.ZodType<{ from: string; to: string }>>(hours: T) =>
  hours.refine(({ from, to }) => from < to, { ...whenFieldsHold, path: ['to'], error: 'a time of day after `from`' });

/** In the subscriber's local time: `from` <= t < `to`. */
export const HoursWindow = forwards(z.strictObject(window));
export type HoursWindow = z.infer<typeof HoursWindow>;

const MAX_COUNTRIES = 250;
const MAX_REGIONS = 250;

export const MarketingHours = z.strictObject({
  /** For countries that are not listed. Without it, no marketing goes there. */
  default: HoursWindow.optional(),
  countries: boundedRecord(
    Country,
    forwards(z.strictObject({ ...window, regions: boundedRecord(Region, HoursWindow, MAX_REGIONS).default({}) })),
    MAX_COUNTRIES,
  ).default({}),
});
export type MarketingHours = z.infer<typeof MarketingHours>;

/** Across all workflows and channels of one account. */
export const MarketingCaps = z.strictObject({ perDay: z.int().min(0).max(50).default(1), perWeek: z.int().min(0).max(200).default(3) });
export type MarketingCaps = z.infer<typeof MarketingCaps>;
