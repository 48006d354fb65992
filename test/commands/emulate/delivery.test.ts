import { describe, expect, test } from 'vitest';
import { deliver } from '../../../commands/emulate/delivery.ts';
import { type PutEntries, UnreachableEndpoint } from '../../../commands/emulate/event-bridge.ts';
import { createLedger } from '../../../commands/emulate/ledger.ts';
import type { TrafficEntry } from '../../../tooling/traffic/traffic.ts';

const entries = (count: number) =>
  Array.from(
    { length: count },
    (_, content): TrafficEntry => ({
      content,
      kind: 'valid',
      type: 'PlanExpired',
      time: new Date(0),
      source: 's',
      detailType: 'd',
      detail: '{}',
    }),
  );

const failedAs = (code: string) => ({ failure: { code, message: 'no' } });
const acceptAll: PutEntries = async (batch) => batch.map(({ content }) => ({ eventId: `event-${content}` }));

/** Time that passes only by sleeping. */
function fakeClock() {
  let time = 0;
  const sleep = async (milliseconds: number) => {
    const end = time + milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
    time = Math.max(time, end);
  };
  return { now: () => time, sleep };
}

async function run(put: PutEntries, { count = 10, rate = 100, stop = new AbortController().signal } = {}) {
  const ledger = createLedger(undefined);
  const clock = fakeClock();
  const failure = await deliver({ entries: entries(count), rate, put, ledger, clock, stop }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { ...ledger.totals(), failures: ledger.failures(), elapsed: clock.now(), failure };
}

describe('deliver', () => {
  test.each([
    { rate: 100, size: 10, lastAt: 990 },
    { rate: 20, size: 2, lastAt: 4_950 },
    { rate: 1, size: 1, lastAt: 99_000 },
  ])('at $rate per second puts $size at a time, each when its moment has come', async ({ rate, size, lastAt }) => {
    const sizes: number[] = [];
    const noting: PutEntries = async (batch) => {
      sizes.push(batch.length);
      return acceptAll(batch);
    };
    const result = await run(noting, { count: 100, rate });
    expect(result).toMatchObject({ accepted: 100, failed: 0, failure: undefined });
    expect(sizes).toEqual(Array(100 / size).fill(size));
    expect(result.elapsed).toBeCloseTo(lastAt);
  });

  test('puts again only the entries that failed for a passing reason', async () => {
    const batches: number[][] = [];
    const result = await run(async (batch) => {
      batches.push(batch.map(({ content }) => content));
      return batch.map(({ content }) => {
        if (content === 3) return failedAs('InvalidArgument');
        return content % 2 === 0 && batches.length < 3 ? failedAs('ThrottlingException') : { eventId: 'e' };
      });
    });
    expect(batches).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0, 2, 4, 6, 8],
      [0, 2, 4, 6, 8],
    ]);
    expect(result).toMatchObject({ accepted: 9, failed: 1, failures: [{ failure: 'InvalidArgument: no', entries: 1 }] });
  });

  test('gives an entry up after eight attempts', async () => {
    let attempts = 0;
    const result = await run(async (batch) => {
      attempts++;
      return batch.map(() => failedAs('InternalFailure'));
    });
    expect(attempts).toBe(8);
    expect(result).toMatchObject({ accepted: 0, failed: 10, failure: undefined });
  });

  test('has no more than eight requests unanswered', async () => {
    let unanswered = 0;
    let most = 0;
    const result = await run(
      async (batch) => {
        most = Math.max(most, ++unanswered);
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
        unanswered--;
        return acceptAll(batch);
      },
      { count: 500, rate: 5_000 },
    );
    expect(most).toBe(8);
    expect(result.accepted).toBe(500);
  });

  test('ends at once when the endpoint was never reached', async () => {
    let attempts = 0;
    const unreachable: PutEntries = async () => {
      attempts++;
      throw new UnreachableEndpoint('connect ECONNREFUSED');
    };
    const result = await run(unreachable, { count: 1_000 });
    expect(result.failure).toBeInstanceOf(UnreachableEndpoint);
    expect(attempts).toBe(1);
  });

  test('outlives a moment without the endpoint', async () => {
    let calls = 0;
    const result = await run(
      async (batch) => {
        calls++;
        if (calls >= 2 && calls <= 4) throw new UnreachableEndpoint('connect ECONNREFUSED');
        return acceptAll(batch);
      },
      { count: 100 },
    );
    expect(result).toMatchObject({ accepted: 100, failed: 0, failure: undefined });
  });

  test('stops when told to, after what is in flight', async () => {
    const controller = new AbortController();
    const result = await run(
      async (batch) => {
        controller.abort();
        return acceptAll(batch);
      },
      { count: 1_000, stop: controller.signal },
    );
    expect(result).toMatchObject({ accepted: 10, failure: undefined });
  });
});
