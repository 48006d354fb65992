import type { Benchmark } from './benchmark.ts';
import type { HostileResult, HostileTask } from './hostile/reader.ts';
import { inChild } from './parts/child.ts';
import { ratioOf, spreadOf } from './spread.ts';

/** The limit of a queue message, less some room for the last quotes and brackets of a shape. */
const BYTES = 1_040_000;
const MAX_TIMES_THE_BENIGN = 3;

export const hostile: Benchmark = {
  name: 'hostile',
  about: 'Worst time to read an event of the largest size, over the corpus of hostile shapes, beside a benign event of that size',
  needs: [],
  async run({ rounds, seed, log }) {
    const task: HostileTask = { bytes: BYTES, seed };
    const results: HostileResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const result = await inChild<HostileResult>(new URL('hostile/reader.ts', import.meta.url), task);
      log(`round ${round + 1}: ${result.worst.toFixed(1)} ms, benign ${result.benign.toFixed(1)} ms: ${result.shape}`);
      results.push(result);
    }
    const worst = results.map((result) => result.worst);
    const benign = results.map((result) => result.benign);
    return {
      figures: [
        {
          figure: 'worst time to read an event of the largest size',
          unit: 'ms',
          measured: spreadOf(worst),
          beside: { what: 'a benign event of that size', spread: spreadOf(benign) },
          ratio: ratioOf(worst, benign),
          promise: { atMost: MAX_TIMES_THE_BENIGN },
        },
      ],
      notes: [
        `Each round is a process of its own: it reads each of ${results.at(-1)?.shapes} shapes of ${BYTES} bytes once, and then the slowest eleven times, by turns with a benign event of that size; of each the median of processor time is taken.`,
        `The slowest shape: ${results.at(-1)?.shape}. The benign event has as many fields as may be, with words and numbers in them.`,
      ],
    };
  },
};
