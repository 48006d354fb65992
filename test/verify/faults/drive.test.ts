import { expect, test } from 'vitest';
import { chanceOfJump } from '../../../verify/faults/drive.ts';
import { planOf } from '../../../verify/faults/plan.ts';

const DELIVERIES_PER_EVENT = 1.8;
const BATCH = 10;
const USUAL_JUMP_SECONDS = 300;

test.each([500, 5_000, 100_000, 1_000_000, 10_000_000])('in a run of %i the clock jumps, and does not run away from the plan', (events) => {
  const plan = planOf({ seed: 1, events, startsAt: 0 });
  const batches = (events / plan.waves) * (DELIVERIES_PER_EVENT / BATCH);
  const jumps = chanceOfJump(plan, batches) * batches;
  expect(jumps).toBeGreaterThan(1);
  expect(jumps * USUAL_JUMP_SECONDS).toBeLessThanOrEqual(plan.waveMilliseconds / 1_000 / 2);
});
