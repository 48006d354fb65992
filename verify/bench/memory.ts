import { pathToFileURL } from 'node:url';
import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import type { MemoryResult, MemoryTask } from './memory/subject.ts';
import { BENCH_TENANT, functionEnvironment } from './parts/bench-tenant.ts';
import { bundleAsPackaged } from './parts/bundle.ts';
import { inChild } from './parts/child.ts';
import { withConsumers } from './parts/consumers.ts';
import { spreadOf } from './spread.ts';

const EVENTS = 10_000;
const THOROUGH_EVENTS = 1_000_000;
const BATCH_SIZE = 10;
const MAX_MEGABYTES = 150;
/** The allowed growth of resident memory, which depends on when garbage is collected. */
const LEVEL = 1.3;
/** The allowed growth of memory in use, which does not. */
const LEVEL_IN_USE = 1.1;
/** Node's own heap size with 512 MB of memory, which is what the function has. */
const HEAP = ['--max-old-space-size=256', '--max-semi-space-size=1'];
/** The heap size that start scripts of Lambda's Node runtimes have set: 90 % and 5 % of the memory. */
const ROOMY_HEAP = ['--max-old-space-size=461', '--max-semi-space-size=25'];

export const memory: Benchmark = {
  name: 'memory',
  about: 'Peak of the resident memory of the packaged consumer over many events, beside a bare handler',
  needs: [],
  async run(options) {
    // As one JavaScript file: Node's memory for stripping TypeScript would otherwise count.
    const { file } = await bundleAsPackaged('memory-subject', new URL('memory/subject.ts', import.meta.url));
    return withConsumers(options.log, async ({ ours, bare, endpoint }) => {
      const measure = (bundle: string) => (events: number, heap: string[]) => {
        const task: MemoryTask = { bundle, tenant: BENCH_TENANT, seed: options.seed, batchSize: BATCH_SIZE, events };
        return inChild<MemoryResult>({ file: pathToFileURL(file), flags: heap }, task, functionEnvironment(endpoint.url));
      };
      const subjects = { ours: measure(ours), bare: measure(bare) };
      const peak = { ...(await measurePeak(options, subjects, HEAP)), promise: { atMost: MAX_MEGABYTES } };
      const roomy = await measurePeak(options, subjects, ROOMY_HEAP);
      const level = options.thorough ? await measureLevel(subjects.ours) : { figures: [], notes: [] };
      const named = { ...roomy, figure: `${roomy.figure}, with a young generation of 25 MB` };
      return { figures: [peak, named, ...level.figures], notes: [...METHOD, ...level.notes] };
    });
  },
};

const METHOD = [
  `A process of its own takes events in, in batches of ${BATCH_SIZE}, and writes to an endpoint in another one. The peak is the greatest resident set that the system saw (maxRSS), in MiB, as Lambda counts: Node itself, the bundle, and the making of the events in it.`,
  `What a process holds depends on the room that its heap is given: here what Node takes by itself in 512 MB (${HEAP.join(' ')}). With the larger young generation that start scripts of Lambda have set (${ROOMY_HEAP.join(' ')}) any handler lets more garbage lie; that figure is told beside.`,
  `Over ${THOROUGH_EVENTS.toLocaleString('en-US')} events (with --thorough, one round, some ten minutes) the resident set is looked at after each batch: the peak of the last tenth beside that of the first one, without its first ${EVENTS.toLocaleString('en-US')} events. In use is what is left of the heap, and outside it, after a collection, at the end of the first tenth and of the last.`,
];

type Measure = (events: number, heap: string[]) => Promise<MemoryResult>;

async function measurePeak({ rounds, log }: BenchmarkOptions, subjects: { ours: Measure; bare: Measure }, heap: string[]): Promise<Figure> {
  const [measured, floor] = [[], []] as [number[], number[]];
  for (let round = 1; round <= rounds; round += 1) {
    floor.push((await subjects.bare(EVENTS, heap)).peakMegabytes);
    measured.push((await subjects.ours(EVENTS, heap)).peakMegabytes);
    log(`${heap.join(' ')}, round ${round}: ${measured.at(-1)?.toFixed(0)} MB, bare ${floor.at(-1)?.toFixed(0)} MB`);
  }
  return {
    figure: `peak over ${EVENTS.toLocaleString('en-US')} events`,
    unit: 'MB',
    measured: spreadOf(measured),
    beside: { what: 'bare handler', spread: spreadOf(floor) },
  };
}

async function measureLevel(ours: Measure): Promise<{ figures: Figure[]; notes: string[] }> {
  const { peakMegabytes, tenths, inUse } = await ours(THOROUGH_EVENTS, [...HEAP, '--expose-gc']);
  const over = `over ${THOROUGH_EVENTS.toLocaleString('en-US')} events`;
  const [first = 0, last = 0] = [tenths.at(0), tenths.at(-1)];
  return {
    figures: [
      { figure: `peak ${over}`, unit: 'MB', measured: spreadOf([peakMegabytes]), promise: { atMost: MAX_MEGABYTES } },
      lastBesideFirst(`peak of the last tenth ${over}`, { first, last }, LEVEL),
      lastBesideFirst(`in use after the last tenth ${over}`, inUse, LEVEL_IN_USE),
    ],
    notes: [`Peaks of the tenths ${over}: ${tenths.map((peak) => peak.toFixed(0)).join(', ')} MB.`],
  };
}

function lastBesideFirst(figure: string, { first, last }: { first: number; last: number }, atMost: number): Figure {
  const beside = { what: 'first tenth', spread: spreadOf([first]) };
  return { figure, unit: 'MB', measured: spreadOf([last]), beside, ratio: spreadOf([last / first]), promise: { atMost } };
}
