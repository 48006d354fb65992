import { closeSync, openSync, writeSync } from 'node:fs';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';

export type Failure = { code: string; message: string };

export type Totals = { accepted: number; repeated: number; invalid: number; failed: number };

/** Totals, counts by type, and one line per accepted entry in the record file, if there is one. */
export type Ledger = {
  accept: (entry: TrafficEntry, eventId: string) => void;
  fail: (entry: TrafficEntry, failure: Failure) => void;
  totals: () => Totals;
  byType: () => { type: string; distinct: number; repeated: number }[];
  failures: () => { failure: string; entries: number }[];
  close: () => void;
};

/** Creates or empties the record file; throws the file system's errors. */
export function createLedger(recordFile: string | undefined): Ledger {
  const record = recordFile === undefined ? undefined : openSync(recordFile, 'w');
  const totals: Totals = { accepted: 0, repeated: 0, invalid: 0, failed: 0 };
  const types = new Map<string, { distinct: number; repeated: number }>();
  const failures = new Map<string, number>();
  /** The line number by content. With shuffle a repeat may come before its original, which then counts as the repeat. */
  const firstLines = new Map<number, number>();

  return {
    accept: (entry, eventId) => {
      const seq = ++totals.accepted;
      const duplicateOf = firstLines.get(entry.content);
      if (duplicateOf === undefined) firstLines.set(entry.content, seq);

      const count = types.get(entry.type) ?? { distinct: 0, repeated: 0 };
      types.set(entry.type, count);
      if (duplicateOf !== undefined) {
        totals.repeated++;
        count.repeated++;
      } else {
        count.distinct++;
        if (entry.kind === 'invalid') totals.invalid++;
      }
      if (record !== undefined) writeSync(record, recordLine(entry, { seq, duplicateOf, eventId }));
    },
    fail: (_entry, { code, message }) => {
      totals.failed++;
      const failure = `${code}: ${message}`;
      failures.set(failure, (failures.get(failure) ?? 0) + 1);
    },
    totals: () => totals,
    byType: () => [...types].map(([type, count]) => ({ type, ...count })).sort((first, second) => (first.type < second.type ? -1 : 1)),
    failures: () => [...failures].map(([failure, entries]) => ({ failure, entries })),
    close: () => record !== undefined && closeSync(record),
  };
}

function recordLine(
  entry: TrafficEntry,
  { seq, duplicateOf, eventId }: { seq: number; duplicateOf: number | undefined; eventId: string },
): string {
  const { kind, type, time, source, detailType, detail } = entry;
  const line = JSON.stringify({ seq, kind, duplicateOf, type, time, source, detailType, eventId });
  return `${line.slice(0, -1)},"detail":${detail}}\n`;
}
