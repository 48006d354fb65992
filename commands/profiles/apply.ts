import { Contended } from '../../src/platform/retry-on-conflict.ts';
import type { Table } from '../../src/platform/table.ts';
import { changeProfile, type ProfileDecision, previewChange } from '../../src/profiles/profile-records.ts';
import type { AccountRows, BadRow } from './groups.ts';
import type { Tally } from './report.ts';
import { mergeProfiles, type RowFault } from './row.ts';

const AT_ONCE = 32;

/** A list that may be older than the erasure must not restore the account. */
class ErasedAccount extends Error {
  override readonly name = 'ErasedAccount';
}

export type ImportTarget = { table: Table; tenant: string; isDryRun: boolean; now: () => number };

/** Applied to the tally after those of all earlier rows. */
type Report = (tally: Tally) => void;

/**
 * Writes rows to the table, many accounts in parallel, and the rows of one account in order. The tally gets the results in the order of the
 * file. Throws the table's errors.
 */
export async function applyRows(rows: AsyncIterable<AccountRows | BadRow>, target: ImportTarget, tally: Tally): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  let reported = Promise.resolve();
  const report = (outcome: Promise<Report>) => {
    const inOrder = reported.then(() => outcome).then((apply) => apply(tally));
    reported = inOrder.catch((error: unknown) => void failures.push(error));
  };
  try {
    for await (const entry of rows) {
      if (failures.length > 0) break;
      if ('faults' in entry) {
        report(Promise.resolve((tally) => tally.bad(entry)));
        continue;
      }
      await running.get(entry.account);
      while (running.size >= AT_ONCE) await Promise.race(running.values());
      const outcome = applyAccount(entry, target);
      report(outcome);
      const release = () => void running.delete(entry.account);
      running.set(entry.account, outcome.then(release, release));
    }
  } finally {
    await reported;
  }
  if (failures.length > 0) throw failures[0];
}

async function applyAccount(
  { account, changes, lines, notes }: AccountRows,
  { table, tenant, isDryRun, now }: ImportTarget,
): Promise<Report> {
  const owner = { tenant, account };
  const decide: ProfileDecision = (before, erasedAt) => {
    if (erasedAt !== undefined) throw new ErasedAccount(erasedAt);
    return mergeProfiles(before ?? {}, changes);
  };
  try {
    const { outcome } = isDryRun
      ? await previewChange(table, owner, decide)
      : await changeProfile(table, owner, decide, { source: 'import', at: now() });
    return (tally) => {
      tally.account(outcome, lines.length);
      for (const note of notes) tally.corrected(note);
    };
  } catch (error) {
    const fault = rowFault(error);
    if (!fault) throw error;
    return (tally) => {
      for (const line of lines) tally.bad({ line, faults: [fault] });
    };
  }
}

/** The fault of a row that the table rejects; undefined for an error of the table itself. */
function rowFault(error: unknown): RowFault | undefined {
  if (error instanceof ErasedAccount) {
    const detail = `the account's data was erased (${error.message}); take it out of the file, or set its profile through the API`;
    return { column: 'account', detail };
  }
  if (error instanceof Contended) return { column: 'account', detail: 'is being changed by others; repeat the import' };
  // The account's key or its whole profile is too long, or has a value that cannot be stored.
  const isRejected =
    error instanceof Error && (error.name === 'ValidationException' || error.message.startsWith('Unsupported type passed'));
  return isRejected
    ? { column: 'row', detail: 'the table does not take it; shorten the ids, or name fewer devices of this account' }
    : undefined;
}
