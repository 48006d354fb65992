import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, keepsPromise } from './benchmark.ts';
import type { Machine } from './machine.ts';
import type { BenchmarkReport } from './run-benchmark.ts';
import type { Spread } from './spread.ts';

/** Reports, and databases that are filled once. Not part of the project. */
export const benchDirectory = fileURLToPath(new URL('../../.bench/', import.meta.url));

/** Writes `.bench/report.md` and `.bench/report.json`. */
export async function writeReport(machine: Machine, reports: BenchmarkReport[]): Promise<void> {
  await mkdir(benchDirectory, { recursive: true });
  await writeFile(join(benchDirectory, 'report.json'), `${JSON.stringify({ machine, reports }, null, 2)}\n`);
  await writeFile(join(benchDirectory, 'report.md'), `${reportLines(machine, reports).join('\n')}\n`);
}

export function reportLines(machine: Machine, reports: BenchmarkReport[]): string[] {
  const { cores, processor, memoryGigabytes, system, node } = machine;
  const about = `Measured on ${cores} cores (${processor}), ${memoryGigabytes} GB of memory, ${system}, Node ${node}.`;
  return ['# Benchmark', '', about, ...reports.flatMap(benchmarkLines)];
}

function benchmarkLines({ benchmark, about, status, figures, notes, seconds }: BenchmarkReport): string[] {
  const heading = ['', `## ${benchmark}`, '', `${about}. ${status === 'measured' ? `Took ${seconds} s.` : `Not measured.`}`, ''];
  const table = [
    '| figure | measured | beside it | ratio | promised | kept |',
    '|---|---|---|---|---|---|',
    ...figures.map((figure) => `| ${cellsOf(figure).join(' | ')} |`),
    '',
  ];
  return [...heading, ...(figures.length > 0 ? table : []), ...notes.map((note) => `- ${note}`)];
}

function cellsOf(figure: Figure): string[] {
  const { measured, beside, ratio, promise, unit } = figure;
  const kept = keepsPromise(figure);
  return [
    figure.figure,
    `${spreadText(measured)} ${unit}`,
    beside ? `${beside.what}: ${spreadText(beside.spread)} ${unit}` : '',
    ratio ? spreadText(ratio) : '',
    promise ? ('atMost' in promise ? `at most ${numberText(promise.atMost)}` : `at least ${numberText(promise.atLeast)}`) : '',
    kept === undefined ? '' : kept ? 'yes' : '**no**',
  ];
}

/** `12.3 (11.9–13.0)`; a single value if all rounds gave the same. */
export function spreadText({ median, low, high }: Spread): string {
  return low === high ? numberText(median) : `${numberText(median)} (${numberText(low)}–${numberText(high)})`;
}

function numberText(value: number): string {
  const digits = Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 100 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
