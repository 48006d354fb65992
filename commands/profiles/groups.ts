import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../../src/schemas/profile/profile.ts';
import { type ImportRow, mergeProfiles, type RowFault } from './row.ts';

/** Adjacent rows of one account, merged. */
export type AccountRows = { account: string; changes: Profile; lines: number[]; notes: BadRow[] };
export type BadRow = { line: number; faults: RowFault[] };

const MAX_ROWS = 1_000;

/**
 * Merges adjacent rows of one account, such as those of its devices, so that each account is written once. A row that contradicts an
 * earlier one is bad: the import cannot decide between them.
 */
export async function* joinRows(rows: AsyncIterable<ImportRow>): AsyncGenerator<AccountRows | BadRow> {
  let open: AccountRows | undefined;
  for await (const row of rows) {
    if ('faults' in row) {
      yield row;
      continue;
    }
    if (open && (open.account !== row.account || open.lines.length === MAX_ROWS)) {
      yield open;
      open = undefined;
    }
    const notes = notesOf(row);
    const faults = open ? contradictions(open, row.changes) : [];
    if (faults.length > 0) yield { line: row.line, faults };
    else if (open)
      open = {
        account: row.account,
        changes: mergeProfiles(open.changes, row.changes),
        lines: [...open.lines, row.line],
        notes: [...open.notes, ...notes],
      };
    else open = { account: row.account, changes: row.changes, lines: [row.line], notes };
  }
  if (open) yield open;
}

function notesOf({ line, notes }: { line: number; notes: RowFault[] }): BadRow[] {
  return notes.length > 0 ? [{ line, faults: notes }] : [];
}

function contradictions({ changes, lines }: Pick<AccountRows, 'changes' | 'lines'>, other: Profile): RowFault[] {
  const { consents: _consents, devices: knownDevices = {}, ...known } = changes;
  const { consents: _otherConsents, devices = {}, ...fields } = other;
  const pairs: [string, unknown, unknown][] = [
    ...Object.entries(fields).map(([column, value]): [string, unknown, unknown] => [column, known[column as keyof typeof known], value]),
    ...Object.entries(devices).flatMap(([device, contact]) => {
      const before: Record<string, unknown> = (Object.hasOwn(knownDevices, device) && knownDevices[device]) || {};
      return Object.entries(contact).map(([column, value]): [string, unknown, unknown] => [column, before[column], value]);
    }),
  ];
  return pairs
    .filter(([, before, now]) => before !== undefined && !isDeepStrictEqual(before, now))
    .map(([column]) => ({ column, detail: `expected what the account's row at line ${lines[0]} and after says` }));
}
