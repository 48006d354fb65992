import { missingRuntimes } from '../conformance/parts/runtimes.ts';
import { type Benchmark, type BenchmarkOptions, type BenchmarkOutcome, keepsPromise } from './benchmark.ts';

/** `notes` has the reason if this machine cannot run it. */
export type BenchmarkReport = BenchmarkOutcome & {
  benchmark: string;
  about: string;
  status: 'measured' | 'skipped' | 'failed';
  seconds: number;
};

/** A benchmark that throws does not stop the others. */
export async function runBenchmark(benchmark: Benchmark, options: BenchmarkOptions): Promise<BenchmarkReport> {
  const started = performance.now();
  const { name, about } = benchmark;
  const outcome = await outcomeOf(benchmark, options);
  return { benchmark: name, about, ...outcome, seconds: Math.round((performance.now() - started) / 1_000) };
}

async function outcomeOf(benchmark: Benchmark, options: BenchmarkOptions): Promise<BenchmarkOutcome & Pick<BenchmarkReport, 'status'>> {
  const missing = await missingRuntimes(benchmark.needs);
  if (missing.length > 0) return without('skipped', `this machine has not ${missing.join(', nor ')}`);
  const lacks = benchmark.lacks?.(options);
  if (lacks !== undefined) return without('skipped', lacks);
  try {
    return { ...(await benchmark.run(options)), status: 'measured' };
  } catch (error) {
    return without('failed', error instanceof Error ? error.message : String(error));
  }
}

function without(status: 'skipped' | 'failed', reason: string): BenchmarkOutcome & Pick<BenchmarkReport, 'status'> {
  return { status, figures: [], notes: [`${status}: ${reason}`] };
}

/** The figures that miss their promise, and the benchmarks that failed. */
export function brokenPromises(reports: BenchmarkReport[]): string[] {
  return reports.flatMap(({ benchmark, status, figures }) => [
    ...(status === 'failed' ? [`${benchmark}: failed`] : []),
    ...figures.filter((figure) => keepsPromise(figure) === false).map(({ figure }) => `${benchmark}: ${figure}`),
  ]);
}
