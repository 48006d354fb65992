import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conformanceDirectory } from '../conformance/parts/install.ts';
import { reportLines, sumOf, writeReport } from '../conformance/report.ts';
import { runSuite, type SuiteReport } from '../conformance/run-suite.ts';
import type { Suite } from '../conformance/suite.ts';
import { suites } from '../conformance/suites.ts';
import { exitOnSignals } from './exit-on-signals.ts';

const HELP = `npm run conformance [-- --only SUITE]

Holds the project against parts that others wrote. The parts are installed below .conformance/ (from PyPI, Maven Central and npm) and kept there.

${suites.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}

  --only SUITE     this suite; may be given more than once
  --seed N         of everything that is generated (1)
  --thorough       the full numbers instead of the bounded ones
  --require-all    a suite whose runtime this machine lacks fails instead of being skipped; so it is wherever CI is set

Each suite writes .conformance/reports/<suite>.json. Exit code 0 when nothing failed, 1 when something did, 2 for a wrong option.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: '1' },
    thorough: { type: 'boolean', default: false },
    'require-all': { type: 'boolean', default: Boolean(process.env.CI) },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const unknown = values.only.filter((name) => !suites.some((suite) => suite.name === name));
const seed = Number(values.seed);

if (values.help) console.log(HELP);
else if (unknown.length > 0)
  refuse(`There is no suite ${unknown.join(', ')}. The suites are ${suites.map(({ name }) => name).join(', ')}.`);
else if (!Number.isSafeInteger(seed) || seed < 0) refuse(`--seed is a whole number, not "${values.seed}".`);
else await runAll(values.only.length === 0 ? suites : suites.filter(({ name }) => values.only.includes(name)));

function refuse(fault: string): void {
  console.error(fault);
  process.exitCode = 2;
}

async function runAll(chosen: Suite[]): Promise<void> {
  exitOnSignals();
  await rm(join(conformanceDirectory, 'reports'), { recursive: true, force: true });
  const reports: SuiteReport[] = [];
  for (const suite of chosen) {
    console.log(`\n${suite.name}: ${suite.about}`);
    const log = (line: string) => console.log(`  ${line}`);
    const report = await runSuite(suite, { seed, thorough: values.thorough, log, required: values['require-all'] });
    for (const note of report.notes) log(note);
    for (const fault of report.faults) log(`FAULT ${fault}`);
    log(`${report.status} in ${report.seconds} s`);
    await writeReport(report);
    reports.push(report);
  }
  console.log(`\n${reportLines(reports).join('\n')}`);
  if (sumOf(reports).failed > 0 || reports.some(({ status }) => status === 'failed')) process.exitCode = 1;
}
