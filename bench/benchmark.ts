import type { Runtime } from '../conformance/parts/runtimes.ts';
import type { Spread } from './spread.ts';

/** One measured figure, beside its floor or peer where it has one. */
export type Figure = {
  figure: string;
  unit: string;
  measured: Spread;
  /** What was measured in the same rounds, by turns, to compare with. */
  beside?: { what: string; spread: Spread };
  /** The ratio of the two, round by round. */
  ratio?: Spread;
  /** What the project promises of the ratio, or of the figure where there is none: of the median. */
  promise?: Promised;
};

export type Promised = { atMost: number } | { atLeast: number };

export type BenchmarkOptions = {
  /** How often each subject is measured, by turns. */
  rounds: number;
  /** Of everything that is generated. */
  seed: number;
  /** Measure what takes many minutes too. */
  thorough: boolean;
  /** A checkout of Totogi's demo consumer. */
  peer: string | undefined;
  /** Tells what is going on. */
  log: (line: string) => void;
};

export type BenchmarkOutcome = {
  figures: Figure[];
  /** How it was measured, and what the reader should know beside. */
  notes: string[];
};

/** One benchmark; it starts what it needs and ends it. */
export type Benchmark = {
  name: string;
  about: string;
  /** What has to be on the machine; everything else it installs by itself. */
  needs: Runtime[];
  /** Why it cannot run with these options, in words. */
  lacks?(options: BenchmarkOptions): string | undefined;
  run(options: BenchmarkOptions): Promise<BenchmarkOutcome>;
};

/** Whether a figure is what was promised of it; undefined where nothing was. */
export function keepsPromise({ measured, ratio, promise }: Figure): boolean | undefined {
  if (!promise) return undefined;
  const { median } = ratio ?? measured;
  return 'atMost' in promise ? median <= promise.atMost : median >= promise.atLeast;
}
