import type { Runtime } from '../conformance/parts/runtimes.ts';
import type { Spread } from './spread.ts';

export type Figure = {
  figure: string;
  unit: string;
  measured: Spread;
  /** The floor or peer that was measured in the same rounds, in turns. */
  beside?: { what: string; spread: Spread };
  /** Round by round. */
  ratio?: Spread;
  /** The project's promise about the median of the ratio or, without one, of the figure. */
  promise?: Promised;
};

export type Promised = { atMost: number } | { atLeast: number };

export type BenchmarkOptions = {
  /** How often each subject is measured, in turns. */
  rounds: number;
  /** For everything that is generated. */
  seed: number;
  /** Also measure what takes many minutes. */
  thorough: boolean;
  /** A checkout of Totogi's demo consumer. */
  peer: string | undefined;
  log: (line: string) => void;
};

export type BenchmarkOutcome = {
  figures: Figure[];
  /** How it was measured, and what else the reader should know. */
  notes: string[];
};

/** A benchmark starts what it needs and ends it. */
export type Benchmark = {
  name: string;
  about: string;
  /** What must be on the machine; it installs everything else itself. */
  needs: Runtime[];
  /** Why it cannot run with these options. */
  lacks?(options: BenchmarkOptions): string | undefined;
  run(options: BenchmarkOptions): Promise<BenchmarkOutcome>;
};

/** undefined if nothing was promised. */
export function keepsPromise({ measured, ratio, promise }: Figure): boolean | undefined {
  if (!promise) return undefined;
  const { median } = ratio ?? measured;
  return 'atMost' in promise ? median <= promise.atMost : median >= promise.atLeast;
}
