import { withDurableExecution } from '@aws/durable-execution-sdk-js';

/** Many steps one after the other, and some side by side with a wait. */
export const handler = withDurableExecution<{ steps: number }, number>(async ({ steps }, context) => {
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum += await context.step(`step-${step}`, async () => 1);
  const pause = context.wait('pause', { seconds: 1 });
  const beside = context.step('beside', async () => 1);
  await Promise.all([pause, beside]);
  return sum + (await beside);
});
