import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conformanceDirectory } from './parts/install.ts';
import type { SuiteReport } from './run-suite.ts';

/** For other programs: `.conformance/reports/<suite>.json`. */
export async function writeReport(report: SuiteReport): Promise<void> {
  const folder = join(conformanceDirectory, 'reports');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.suite}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** A table of the findings, with the sum as its last line. */
export function reportLines(reports: SuiteReport[]): string[] {
  const rows = reports.flatMap(({ suite, status, findings, notes }) =>
    status === 'skipped'
      ? [[suite, '', notes.join('; '), '', '']]
      : findings.map(({ part, checked, passed, failed }) => [suite, part, checked, String(passed), String(failed)]),
  );
  const table = [['suite', 'part', 'checked', 'passed', 'failed'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => align(cell, widths[column] ?? 0, column > 2))
      .join('  ')
      .trimEnd(),
  );
  const { passed, failed } = sumOf(reports);
  return [...lines, '', `conformance: ${passed} passed, ${failed} failed`];
}

export function sumOf(reports: SuiteReport[]): { passed: number; failed: number } {
  const findings = reports.flatMap((report) => report.findings);
  const sum = (count: 'passed' | 'failed') => findings.reduce((total, finding) => total + finding[count], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

function align(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}
