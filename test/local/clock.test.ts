import { expect, test } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { openState } from '../../local/state.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('an advance moves the clock, tells its listeners, and outlives a restart', () => {
  const directory = temporaryDirectory();
  const state = openState(directory);
  const clock = createClock(state);
  const heard: number[] = [];
  clock.onAdvance(() => heard.push(clock.offsetMs()));
  expect(clock.offsetMs()).toBe(0);
  clock.advance(60);
  clock.advance(0.5);
  expect(heard).toEqual([60_000, 60_500]);
  expect(clock.now()).toBeGreaterThanOrEqual(Date.now() + 60_500 - 50);
  state.close();
  const again = openState(directory);
  expect(createClock(again).offsetMs()).toBe(60_500);
  again.close();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])('an advance by %d seconds is refused', (seconds) => {
  const state = openState(temporaryDirectory());
  const clock = createClock(state);
  expect(() => clock.advance(seconds)).toThrow(RangeError);
  expect(clock.offsetMs()).toBe(0);
  state.close();
});
