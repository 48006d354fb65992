import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import type { SubjectResult, SubjectTask } from './consume/subject.ts';
import { BENCH_TENANT, functionEnvironment } from './parts/bench-tenant.ts';
import { inChild } from './parts/child.ts';
import { type Consumers, withConsumers } from './parts/consumers.ts';
import { ratioOf, spreadOf } from './spread.ts';

const BATCH_SIZES = [10, 100];
const WARM_UP_EVENTS = 2_500;
const EVENTS = 5_000;
const MAX_TIMES_BASELINE = 1.3;

export const consume: Benchmark = {
  name: 'consume',
  about: 'Processor time per event of the packaged consumer beside a bare handler that parses and writes the same item',
  needs: [],
  run: (options) =>
    withConsumers(options.log, async (consumers) => {
      const batches: Batches[] = [];
      for (const batchSize of BATCH_SIZES) batches.push(await measureBatches(options, { ...consumers, batchSize }));
      return { figures: batches.map(({ figure }) => figure), notes: [...METHOD, ...batches.map(({ note }) => note)] };
    }),
};

const METHOD = [
  `Each round is a process of its own for each of the two, by turns: ${WARM_UP_EVENTS} events to warm up, then ${EVENTS} events measured with process.cpuUsage, which counts all threads.`,
  'Both are bundled as the packager bundles, and write to one endpoint in another process that takes every write at once. The events are those of the emulator in the spelling seen in production, and start no workflow, since the bare handler starts none.',
];

type Subjects = Consumers & { batchSize: number };
type Batches = { figure: Figure; note: string };

async function measureBatches(options: BenchmarkOptions, { ours, bare, endpoint, batchSize }: Subjects): Promise<Batches> {
  const { rounds, seed, log } = options;
  const task = { tenant: BENCH_TENANT, seed, batchSize, warmUpEvents: WARM_UP_EVENTS, events: EVENTS };
  const measure = async (bundle: string) => {
    endpoint.forget();
    const program = new URL('consume/subject.ts', import.meta.url);
    const subject: SubjectTask = { ...task, bundle };
    const { microsecondsPerEvent } = await inChild<SubjectResult>(program, subject, functionEnvironment(endpoint.url));
    return { microsecondsPerEvent, itemBytes: endpoint.meanItemBytes() };
  };
  const [measured, floor] = [[], []] as [Awaited<ReturnType<typeof measure>>[], Awaited<ReturnType<typeof measure>>[]];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await measure(bare));
    measured.push(await measure(ours));
    log(
      `batches of ${batchSize}, round ${round + 1}: ${times(measured).at(-1)?.toFixed(0)} µs, bare ${times(floor).at(-1)?.toFixed(0)} µs`,
    );
  }
  return {
    figure: {
      figure: `processor time per event in batches of ${batchSize}`,
      unit: 'µs',
      measured: spreadOf(times(measured)),
      beside: { what: 'bare handler', spread: spreadOf(times(floor)) },
      ratio: ratioOf(times(measured), times(floor)),
      promise: { atMost: MAX_TIMES_BASELINE },
    },
    // The floor only counts while both write the same item.
    note: `Batches of ${batchSize}: an item has on average ${measured.at(-1)?.itemBytes} bytes as JSON from the service, ${floor.at(-1)?.itemBytes} from the bare handler.`,
  };
}

function times(results: { microsecondsPerEvent: number }[]): number[] {
  return results.map(({ microsecondsPerEvent }) => microsecondsPerEvent);
}
