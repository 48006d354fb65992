import { expect, test } from 'vitest';
import { messagesKilledForGood } from '../../../verify/faults/checks/messages.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:welcome:1/durable-execution/run-1/1';
const message = { state: 'claimed', eventId: 'event-1', workflow: 'welcome' };

/** Whether the run of a message was killed for good, where its execution ended so and the proof ended so many tries of it. */
function wasKilled(status: string, deaths: number, change: Partial<typeof message> = {}): boolean {
  const started = new Map([[arn, { workflow: 'welcome', tenant: 'prove-patient', account: 'account-1', eventId: 'event-1' }]]);
  const recorder = { deaths: new Map([[arn, deaths]]), started };
  return messagesKilledForGood({ record: { executions: [{ arn, status }] }, recorder })({ ...message, ...change });
}

test('a message is left claimed only by a run that failed after the proof ended each of its eight tries', () => {
  expect(wasKilled('FAILED', 8)).toBe(true);
  expect(wasKilled('FAILED', 7)).toBe(false);
  expect(wasKilled('SUCCEEDED', 8)).toBe(false);
  expect(wasKilled('FAILED', 8, { state: 'held' })).toBe(false);
  expect(wasKilled('FAILED', 8, { eventId: 'event-2' })).toBe(false);
  expect(wasKilled('FAILED', 8, { workflow: 'rollover' })).toBe(false);
});
