import { expect, test } from 'vitest';
import { countTakingIn } from '../../bench/cost/count-taking-in.ts';
import { itemBytes } from '../../bench/cost/item-size.ts';
import { readPrices } from '../../bench/cost/prices.ts';

const EVENTS = 200;

test('from queue to record an event takes one call of DynamoDB and two write units, and two lines of log for its batch and type', async () => {
  const taken = await countTakingIn(EVENTS, 1);
  expect(taken.calls).toEqual({ PutItem: EVENTS });
  expect(taken.writeUnits).toBe(2 * EVENTS);
  expect(taken.logBytes / EVENTS).toBeLessThan(250);
});

test('an item is weighed by its names, its texts and what nests', () => {
  expect(itemBytes({ pk: { S: 'é' }, n: { N: '1234' }, list: { L: [{ S: 'ab' }] }, map: { M: { a: { BOOL: true } } } })).toBe(
    4 + 4 + 10 + 9,
  );
});

test('every price has its source and its date', async () => {
  const prices = Object.values(await readPrices());
  expect(prices.every(({ source, asOf }) => source.startsWith('https://aws.amazon.com/') && asOf >= '2026-01')).toBe(true);
});
