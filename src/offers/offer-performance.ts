import { DAY } from '../platform/duration.ts';
import type { MessagePrices } from '../schemas/configuration/tenant-configuration.ts';
import type { Figures, OfferPerformance } from '../schemas/offer/offer-performance.ts';
import { liftInterval } from './lift-interval.ts';

const SHARE_DECIMALS = 6;
/** Texts cost fractions of a cent. */
const AMOUNT_DECIMALS = 4;

/** `day` is in UTC, as `2026-05-01`. */
export type DayFigures = { day: string; figures: Figures };

/** Times are in milliseconds since the epoch. */
export type PerformanceQuestion = {
  offer: string;
  from: number;
  to: number;
  windowDays: number;
  prices: MessagePrices | undefined;
  now: number;
};

export function offerPerformance(days: DayFigures[], question: PerformanceQuestion): OfferPerformance {
  const { offer, from, to, windowDays, prices, now } = question;
  const reported = days.map(({ day, figures }) => {
    const lastWindowEnds = Date.parse(day) + (1 + windowDays) * DAY;
    return { day, ...figures, complete: lastWindowEnds <= now };
  });
  const total = days.reduce((sum, { figures }) => add(sum, figures), NO_FIGURES);
  return {
    offer,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    total,
    days: reported,
    comparison: { ...compare(total), complete: reported.every(({ complete }) => complete) },
    cost: costOf(total, prices),
  };
}

export const NO_FIGURES: Figures = {
  issued: 0,
  sms: { sent: 0, parts: 0, delivered: 0, opened: 0, accepted: 0, redeemed: 0, converted: 0 },
  email: { sent: 0, delivered: 0, opened: 0, accepted: 0, redeemed: 0, converted: 0 },
  opened: 0,
  accepted: 0,
  redeemed: 0,
  converted: 0,
  expired: 0,
  declined: 0,
  superseded: 0,
  deniedByPolicy: 0,
  stuck: 0,
  heldOut: 0,
  heldOutConverted: 0,
};

function add<Counts extends object>(sum: Counts, more: Counts): Counts {
  const added = Object.entries(sum).map(([name, value]) => {
    const other: unknown = Reflect.get(more, name);
    return [name, typeof value === 'number' ? value + Number(other) : add(value, Object(other))];
  });
  return Object.fromEntries(added) as Counts;
}

/** Compares all who were issued the offer, not only those it reached: some of the held-out could not have been reached either. */
function compare({ issued, converted, heldOut, heldOutConverted }: Figures): Omit<OfferPerformance['comparison'], 'complete'> {
  const offered = group(issued, converted);
  const held = group(heldOut, heldOutConverted);
  if (offered.rate === null || held.rate === null) return { offered, heldOut: held, lift: null, liftWithin: null };
  const { from, to } = liftInterval(offered, held);
  const lift = rounded(converted / issued - heldOutConverted / heldOut, SHARE_DECIMALS);
  return { offered, heldOut: held, lift, liftWithin: { from: rounded(from, SHARE_DECIMALS), to: rounded(to, SHARE_DECIMALS) } };
}

function group(accounts: number, converted: number): { accounts: number; converted: number; rate: number | null } {
  return { accounts, converted, rate: accounts === 0 ? null : rounded(converted / accounts, SHARE_DECIMALS) };
}

function costOf({ sms, email }: Figures, prices: MessagePrices | undefined): OfferPerformance['cost'] {
  if (!prices) return null;
  const { currency, smsPart = sms.parts === 0 ? 0 : undefined, email: perEmail = email.sent === 0 ? 0 : undefined } = prices;
  if (smsPart === undefined || perEmail === undefined) return null;
  return { currency, amount: rounded(sms.parts * smsPart + email.sent * perEmail, AMOUNT_DECIMALS) };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
