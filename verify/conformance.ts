import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineCommand } from '../tooling/command-line/command.ts';
import { flag, value, values } from '../tooling/command-line/options.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { oneOf, wholeNumber } from '../tooling/command-line/value-forms.ts';
import { conformanceDirectory } from './conformance/parts/install.ts';
import { reportLines, sumOf, writeReport } from './conformance/report.ts';
import { runSuite, type SuiteReport } from './conformance/run-suite.ts';
import type { Suite } from './conformance/suite.ts';
import { suites } from './conformance/suites.ts';
import { exitOnSignals } from './shared/exit-on-signals.ts';

const names = suites.map(({ name }) => name);
const described = Object.fromEntries(suites.map(({ name, about }) => [name, about]));

const command = defineCommand({
  name: 'npm run conformance',
  about:
    'Verifies the project against independent implementations. They are installed below .conformance/ from PyPI, Maven Central and npm, and kept there. Each suite writes .conformance/reports/<suite>.json.',
  options: {
    only: values(oneOf(names, described), { placeholder: 'NAMES', about: 'Run only these suites' }),
    seed: value(wholeNumber(0, 4_294_967_295), { placeholder: 'N', about: 'Seed of everything that is generated', default: 1 }),
    thorough: flag('Check the full numbers of cases instead of the bounded ones'),
    requireAll: flag(
      'Fail a suite whose runtime is missing on this machine, instead of skipping it; always set in CI',
      Boolean(process.env.CI),
    ),
  },
  examples: ['npm run conformance -- --only templates', 'npm run conformance -- --only patterns,store --seed 2 --thorough'],
  exitCodes: { 0: 'nothing failed', 1: 'a check failed' },
});

type RunOptions = { seed: number; thorough: boolean; required: boolean };

await runCommand(command, ({ only, seed, thorough, requireAll: required }) => {
  const chosen = suites.filter(({ name }) => only.length === 0 || only.includes(name));
  return runAll(chosen, { seed, thorough, required });
});

async function runAll(chosen: Suite[], options: RunOptions): Promise<number> {
  exitOnSignals();
  await rm(join(conformanceDirectory, 'reports'), { recursive: true, force: true });
  const reports: SuiteReport[] = [];
  for (const suite of chosen) {
    console.log(`\n${suite.name}: ${suite.about}`);
    const log = (line: string) => console.log(`  ${line}`);
    const report = await runSuite(suite, { ...options, log });
    for (const note of report.notes) log(note);
    for (const fault of report.faults) log(`FAULT ${fault}`);
    log(`${report.status} in ${report.seconds} s`);
    await writeReport(report);
    reports.push(report);
  }
  console.log(`\n${reportLines(reports).join('\n')}`);
  return sumOf(reports).failed > 0 || reports.some(({ status }) => status === 'failed') ? 1 : 0;
}
