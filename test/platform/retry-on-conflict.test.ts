import { expect, test } from 'vitest';
import { CONFLICT, retryOnConflict } from '../../src/platform/retry-on-conflict.ts';
import { isTransient } from '../../src/platform/transient-errors.ts';

function fakeJitter() {
  const pauses: number[] = [];
  return { pauses, jitter: { random: () => 0.5, pause: async (milliseconds: number) => pauses.push(milliseconds) } };
}

test('a write is repeated after random pauses that grow, until it does not conflict', async () => {
  const { pauses, jitter } = fakeJitter();
  const replies = [CONFLICT, CONFLICT, CONFLICT, undefined];
  expect(await retryOnConflict('a record', async () => replies.shift(), jitter)).toBeUndefined();
  expect(pauses).toEqual([5, 10, 15]);
});

test('a write that conflicts 20 times fails with an error that is worth a retry, without a pause at the end', async () => {
  const { pauses, jitter } = fakeJitter();
  let attempts = 0;
  const conflict = async () => {
    attempts += 1;
    return CONFLICT;
  };
  const error = await retryOnConflict('a record', conflict, jitter).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'Contended', message: 'Too many concurrent changes of a record. Retry later.' });
  expect(isTransient(error)).toBe(true);
  expect(attempts).toBe(20);
  expect(pauses).toHaveLength(19);
  expect(Math.max(...pauses)).toBe(50);
});

test('another error is not retried', async () => {
  const { jitter } = fakeJitter();
  const broken = () => Promise.reject(new TypeError('a defect'));
  await expect(retryOnConflict('a record', broken, jitter)).rejects.toThrow('a defect');
});
