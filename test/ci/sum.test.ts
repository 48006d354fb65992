import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { suites } from '../../verify/conformance/suites.ts';

const passing = { status: 'passed', fullName: 'a passed test' };
const inFile = (name: string, changes: object = {}) => ({ name, status: 'passed', message: '', assertionResults: [passing], ...changes });
const withTest = (status: string) => ({ assertionResults: [passing, { status, fullName: `a ${status} test`, failureMessages: ['no'] }] });
const ofSuite = ({ name }: { name: string }) => {
  const findings = [{ part: name, checked: 'something', passed: 1, failed: 0 }];
  return { suite: name, status: 'passed', findings, faults: [], notes: [], seconds: 1 };
};

/** What `.ci/sum.mjs` says of reports that runners left. */
function sum({ files, proof, reports }: { files: object[]; proof?: object; reports: object[] }) {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-sum-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const write = (file: string, content: object) => writeFileSync(join(directory, file), JSON.stringify(content));
  write('tests.json', { numPassedTests: files.length, testResults: files });
  write('tools.json', { numPassedTests: 1, testResults: [inFile('tools.test.ts')] });
  if (proof) write('proof.json', proof);
  mkdirSync(join(directory, '.conformance', 'reports'), { recursive: true });
  for (const [number, report] of reports.entries()) write(`.conformance/reports/${number}.json`, report);
  const program = fileURLToPath(new URL('../../.ci/sum.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program, 'tests.json', 'tools.json', 'proof.json'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
}

test('what passed with every runner is summed up', () => {
  const proof = { checks: { passed: 1, failed: 0 }, comparisons: [] };
  const reports = suites.map(ofSuite);
  expect(sum({ files: [inFile('whole.test.ts')], proof, reports })).toEqual({
    status: 0,
    lines: [`tests: ${3 + suites.length} passed, 0 failed`],
  });
});

test('what failed, was skipped or left no report is counted once each, and named', () => {
  const files = [
    inFile('one.test.ts', { status: 'failed', ...withTest('failed') }),
    inFile('hook.test.ts', { status: 'failed', message: 'a hook threw after the tests' }),
    inFile('unloaded.test.ts', { status: 'failed', message: 'it has no syntax', assertionResults: [] }),
    inFile('skipping.test.ts', withTest('skipped')),
    inFile('later.test.ts', withTest('todo')),
  ];
  const [missing, skipped, hollow, ...sound] = suites.map(ofSuite);
  const reports = [
    { ...skipped, status: 'skipped', findings: [] },
    { ...hollow, status: 'failed', faults: ['a part checked nothing'] },
    ...sound,
  ];
  expect(sum({ files, reports })).toEqual({
    status: 1,
    lines: [
      'failed: one.test.ts: a failed test',
      'no',
      'failed: hook.test.ts failed outside of its tests: a hook threw after the tests',
      'failed: unloaded.test.ts failed outside of its tests: it has no syntax',
      'failed: skipping.test.ts: a skipped test: did not run (skipped)',
      'failed: later.test.ts: a todo test: did not run (todo)',
      expect.stringContaining('failed: npm run prove (proof.json) left no report'),
      `failed: ${hollow?.suite}: a part checked nothing`,
      `failed: ${missing?.suite}: the suite did not run to its end`,
      `failed: ${skipped?.suite}: the suite did not run to its end`,
      '',
      `tests: ${files.length + 2 + sound.length} passed, 9 failed`,
    ],
  });
});
