import { missingRuntimes } from '../conformance/parts/runtimes.ts';
import { type Benchmark, type BenchmarkOptions, type BenchmarkOutcome, keepsPromise } from './benchmark.ts';

/** How a benchmark went. What this machine cannot measure says why. */
export type BenchmarkReport = BenchmarkOutcome & {
  benchmark: string;
  about: string;
  status: 'measured' | 'skipped' | 'failed';
  seconds: number;
};

/** Runs a benchmark, or says what it lacks. One that breaks does not end the others. */
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

/** The figures that are not what was promised, and the benchmarks that broke. */
export function brokenPromises(reports: BenchmarkReport[]): string[] {
  return reports.flatMap(({ benchmark, status, figures }) => [
    ...(status === 'failed' ? [`${benchmark}: failed`] : []),
    ...figures.filter((figure) => keepsPromise(figure) === false).map(({ figure }) => `${benchmark}: ${figure}`),
  ]);
}
