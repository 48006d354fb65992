import { closeSync, openSync, writeSync } from 'node:fs';
import type { BadRow } from './groups.ts';

const MAX_SHOWN = 100;

/** Counts the results, and reports each bad row at once. */
export type Tally = {
  account(outcome: 'done' | 'already-done', rows: number): void;
  bad(row: BadRow): void;
  /** A row that was imported with a corrected number. */
  corrected(row: BadRow): void;
  totals(): { rows: number; badRows: number; corrected: number; written: number; unchanged: number };
  close(): void;
};

/**
 * Bad rows all go to the report file; without one, the first hundred go to `log`.
 *
 * @throws Node's error if the file cannot be opened.
 */
export function createTally(report: string | undefined, log: (line: string) => void): Tally {
  const totals = { rows: 0, badRows: 0, corrected: 0, written: 0, unchanged: 0 };
  const file = report === undefined ? undefined : openSync(report, 'w');
  let reported = 0;
  const write = (line: string) => {
    reported += 1;
    if (file !== undefined) writeSync(file, `${line}\n`);
    else if (reported <= MAX_SHOWN) log(line);
    else if (reported === MAX_SHOWN + 1) log('… and more: --report FILE writes every one');
  };
  return {
    account(outcome, rows) {
      totals.rows += rows;
      totals[outcome === 'done' ? 'written' : 'unchanged'] += 1;
    },
    bad(row) {
      totals.rows += 1;
      totals.badRows += 1;
      write(badRowLine(row));
    },
    corrected(row) {
      totals.corrected += 1;
      write(badRowLine(row));
    },
    totals: () => ({ ...totals }),
    close: () => void (file !== undefined && closeSync(file)),
  };
}

function badRowLine({ line, faults }: BadRow): string {
  return `line ${line}: ${faults.map(({ column, detail }) => (column === 'row' ? detail : `${column}: ${detail}`)).join('; ')}`;
}

export function summaryOf(tally: Tally, { isDryRun, seconds }: { isDryRun: boolean; seconds: number }): string {
  const { rows, badRows, corrected, written, unchanged } = tally.totals();
  const corrections = corrected > 0 ? ` ${corrected} rows with a number that was corrected,` : '';
  const changed = isDryRun ? 'would be written; nothing was' : 'written';
  return `${rows} rows: ${written} profiles ${changed}, ${unchanged} unchanged, ${badRows} bad rows,${corrections} ${seconds.toFixed(1)} s`;
}
