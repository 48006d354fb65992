import { expect, test } from 'vitest';
import { settleAll } from '../../src/platform/settle-all.ts';

test('answers what each part came to, in their order', async () => {
  expect(await settleAll([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
});

test('throws a failure only when every part has ended', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let hasThrown = false;
  const fault = new Error('fault');
  const all = settleAll([Promise.reject(fault), promise]).catch((error: unknown) => {
    hasThrown = true;
    return error;
  });
  await Promise.allSettled([Promise.reject(fault)]);
  expect(hasThrown).toBe(false);
  resolve('ended');
  expect(await all).toBe(fault);
});

test('throws the first of several failures', async () => {
  const [one, other] = [new Error('one'), new Error('two')];
  await expect(settleAll([Promise.resolve(1), Promise.reject(one), Promise.reject(other)])).rejects.toBe(one);
});
