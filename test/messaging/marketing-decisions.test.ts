import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { evaluateSendPolicy, type PolicyInput, type Verdict } from '../../src/messaging/send-policy.ts';
import { MarketingHours } from '../../src/schemas/configuration/marketing-rules.ts';

/** As test/fixtures/make-marketing-decisions.py writes them. */
type Row = [
  table: number,
  country: string | null,
  region: string | null,
  timeZone: string | null,
  consent: 0 | 1 | null,
  suppressed: 0 | 1,
  contact: 0 | 1,
  perDay: number,
  perWeek: number,
  now: number,
  recentBack: number[],
  verdict: Verdict['verdict'],
  reasonOrUntil: string | number | null,
];

const [head, ...rows] = readDecisions();

test('ten thousand marketing decisions fall as another language with other zone data says they must', () => {
  const wrong = rows.flatMap((row) => {
    const verdict = evaluateSendPolicy(requestOf(row));
    return JSON.stringify(verdict) === JSON.stringify(verdictOf(row)) ? [] : [{ row, verdict }];
  });

  expect(wrong).toEqual([]);
  expect(rows).toHaveLength(10_000);
});

test('the ten thousand hold every verdict often, so that none agrees by absence', () => {
  const tally = Object.groupBy(rows, (row) => (row[11] === 'deny' ? String(row[12]) : row[11]));
  expect(Object.fromEntries(Object.entries(tally).map(([verdict, these]) => [verdict, these?.length]))).toEqual({
    allow: 1568,
    hold: 3073,
    'no-contact': 183,
    'opted-out': 587,
    'no-consent': 566,
    'address-suppressed': 264,
    'location-unknown': 746,
    'no-sending-window': 798,
    'daily-cap-reached': 1292,
    'weekly-cap-reached': 923,
  });
});

function readDecisions(): [{ hours: MarketingHours[] }, ...Row[]] {
  const file = gunzipSync(readFileSync(new URL('../fixtures/marketing-decisions.ndjson.gz', import.meta.url))).toString();
  const [first, ...others] = file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return [{ hours: first.hours.map((hours: unknown) => MarketingHours.parse(hours)) }, ...others];
}

function requestOf(row: Row): PolicyInput {
  const [table, country, region, timeZone, consent, suppressed, contact, perDay, perWeek, now, recentBack] = row;
  return {
    messageClass: 'marketing',
    channel: now % 2 === 0 ? 'sms' : 'email',
    contact: contact ? 'somewhere' : undefined,
    consent: consent === null ? undefined : { given: consent === 1, source: 'made', at: '2010-01-01T00:00:00Z' },
    suppressed: suppressed === 1,
    isMarketingPaused: false,
    location: { country: country ?? undefined, region: region ?? undefined, timeZone: timeZone ?? undefined },
    hours: head.hours[table] ?? { countries: {} },
    caps: { perDay, perWeek },
    recentMarketing: recentBack.map((back) => now - back),
    now,
  };
}

function verdictOf([, , , , , , , , , , , verdict, reasonOrUntil]: Row): unknown {
  if (verdict === 'allow') return { verdict };
  return verdict === 'hold' ? { verdict, until: reasonOrUntil } : { verdict, reason: reasonOrUntil };
}
