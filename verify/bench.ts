import { defineCommand } from '../tooling/command-line/command.ts';
import { flag, value, values } from '../tooling/command-line/options.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { anyText, oneOf, wholeNumber } from '../tooling/command-line/value-forms.ts';
import type { BenchmarkOptions } from './bench/benchmark.ts';
import { benchmarks } from './bench/benchmarks.ts';
import { thisMachine } from './bench/machine.ts';
import { reportLines, writeReport } from './bench/report.ts';
import { brokenPromises, runBenchmark } from './bench/run-benchmark.ts';
import { exitOnSignals } from './shared/exit-on-signals.ts';

const names = benchmarks.map(({ name }) => name);
const described = Object.fromEntries(benchmarks.map(({ name, about }) => [name, about]));

const command = defineCommand({
  name: 'npm run bench',
  about:
    'Measures the project. Each figure is measured in turn with its lower bound or peer in the same run, and reported with the spread of the rounds. Writes .bench/report.md and .bench/report.json; installs what it needs below .conformance/.',
  options: {
    only: values(oneOf(names, described), { placeholder: 'NAMES', about: 'Run only these benchmarks' }),
    rounds: value(wholeNumber(1, 1_000), { placeholder: 'N', about: 'Measurements of each subject', default: 7 }),
    seed: value(wholeNumber(0, 4_294_967_295), { placeholder: 'N', about: 'Seed of everything that is generated', default: 1 }),
    thorough: flag('Also measure what takes many minutes: a million events'),
    peer: value(anyText, {
      placeholder: 'DIR',
      about: "Checkout of Totogi's demo consumer (github.com/totogi/totogi-notifications) to compare with",
    }),
  },
  examples: ['npm run bench -- --only consume,memory', 'npm run bench -- --only lookups --rounds 3 --seed 2'],
  exitCodes: { 0: 'every promise was kept', 1: 'a promise was broken' },
});

await runCommand(command, ({ only, ...options }) => {
  const chosen = benchmarks.filter(({ name }) => only.length === 0 || only.includes(name));
  return measure(chosen, { ...options, log: (line) => console.error(`  ${line}`) });
});

async function measure(chosen: typeof benchmarks, options: BenchmarkOptions): Promise<number> {
  exitOnSignals();
  const machine = thisMachine();
  const reports = [];
  for (const benchmark of chosen) {
    console.error(`${benchmark.name}: ${benchmark.about}`);
    reports.push(await runBenchmark(benchmark, options));
  }
  await writeReport(machine, reports);
  console.log(reportLines(machine, reports).join('\n'));
  const broken = brokenPromises(reports);
  for (const promise of broken) console.error(`NOT KEPT ${promise}`);
  return broken.length > 0 ? 1 : 0;
}
