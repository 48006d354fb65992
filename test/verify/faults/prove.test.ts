import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { MUTATIONS, type MutationName } from '../../../verify/faults/mutations.ts';
import { prove } from '../../../verify/faults/prove.ts';
import { asJson, asMarkdown, closes } from '../../../verify/faults/report.ts';

const usual = { seed: 7, ingestOnly: false, withFaults: true, mutation: undefined, keep: false, log: () => undefined };

const failed = (proof: Awaited<ReturnType<typeof prove>>) =>
  proof.checks.filter(({ wrong }) => wrong.length > 0).map(({ claim, ledgers, wrong }) => ({ claim, ledgers, example: wrong[0] }));

describe('the three-ledger proof', () => {
  test('closes to zero while requests fail and sandboxes die', { timeout: 120_000 }, async () => {
    const proof = await prove({ ...usual, events: 40 });

    expect(failed(proof)).toEqual([]);
    const hits = new Set(proof.seams.flatMap(({ faults }) => Object.keys(faults)));
    expect([...hits]).toEqual(expect.arrayContaining(['throttled', 'error after', 'cut off after', 'killed before', 'killed after']));
    expect(asMarkdown(proof)).toContain('# The ledgers close to zero');
    expect(JSON.parse(asJson(proof))).toMatchObject({ closes: true, brokenLedgers: [], checks: { failed: 0 } });
  });

  test('closes to zero where notifications are only taken in', { timeout: 120_000 }, async () => {
    const proof = await prove({ ...usual, events: 60, ingestOnly: true, withFaults: false });
    expect(failed(proof)).toEqual([]);
    expect(closes(proof)).toBe(true);
  });
});

describe('a stand-in that lies breaks the ledger that relies on it', () => {
  // Which write goes over which other one depends on how they meet: some comparison with the record breaks, not always the same.
  const broken: Record<MutationName, { claim: string; ledgers: string }> = {
    conditions: { claim: expect.any(String), ledgers: expect.stringContaining('record') },
    names: { claim: 'every (workflow, notification) that the rules name has one execution', ledgers: 'in and record' },
    checkpoints: { claim: 'no step began again after its success was acknowledged', ledgers: 'record' },
    receipts: { claim: "the carriers' words are on record", ledgers: 'record and out' },
    transactions: { claim: 'no offer was given twice', ledgers: 'Totogi' },
  };
  /** So many that something happens which the mutation is about. */
  const enough: Partial<Record<MutationName, number>> = { conditions: 60, transactions: 80 };
  test.each(MUTATIONS)('%s', { timeout: 120_000 }, async (mutation) => {
    const proof = await prove({ ...usual, events: enough[mutation] ?? 25, withFaults: false, mutation });
    expect(failed(proof)).toContainEqual({ ...broken[mutation], example: expect.any(String) });
    expect(asMarkdown(proof)).toMatch(/^# The ledgers do not close: .*(record|Totogi)/);
  });
});

describe('npm run prove', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, ['verify/prove.ts', ...args], { encoding: 'utf8' });

  test('says what it does and what it takes', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--self-test NAME');
  });

  test.each([
    [['--events', '3'], '--events takes a whole number from 20 to 5000000, not "3"'],
    [['--self-test', 'white'], '--self-test takes one of conditions, names, checkpoints, receipts, transactions, not "white"'],
    [['--loud'], 'Unknown option "--loud"'],
    [['--outage', 'store', '--self-test', 'names'], '--outage cannot be combined with --self-test, --ingest-only or --no-faults'],
    [['--ingest-only', '--self-test', 'receipts'], '--self-test receipts needs workflows, and --ingest-only runs none'],
  ])('rejects %j', (args, sentence) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
