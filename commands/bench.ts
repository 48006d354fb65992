import { parseArgs } from 'node:util';
import type { BenchmarkOptions } from '../bench/benchmark.ts';
import { benchmarks } from '../bench/benchmarks.ts';
import { thisMachine } from '../bench/machine.ts';
import { reportLines, writeReport } from '../bench/report.ts';
import { brokenPromises, runBenchmark } from '../bench/run-benchmark.ts';
import { exitOnSignals } from './exit-on-signals.ts';

const HELP = `npm run bench [-- --only BENCHMARK]

Measures the project, each figure beside its floor or peer, by turns in one run, and says how far the rounds were apart.

${benchmarks.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

  --only BENCHMARK   this benchmark; may be given more than once
  --rounds N         how often each subject is measured (7)
  --seed N           of everything that is generated (1)
  --thorough         what takes many minutes too: a million events
  --peer PATH        a checkout of Totogi's demo consumer (github.com/totogi/totogi-notifications)

Writes .bench/report.md and .bench/report.json. Parts that it needs are installed below .conformance/.
Exit code 0 when every promise was kept, 1 when one was not, 2 for a wrong option.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    thorough: { type: 'boolean', default: false },
    peer: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const unknown = values.only.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];

if (values.help) console.log(HELP);
else if (unknown.length > 0)
  refuse(`There is no benchmark ${unknown.join(', ')}. The benchmarks are ${benchmarks.map(({ name }) => name).join(', ')}.`);
else if (!Number.isSafeInteger(rounds) || rounds < 1) refuse(`--rounds is a whole number from 1, not "${values.rounds}".`);
else if (!Number.isSafeInteger(seed) || seed < 0) refuse(`--seed is a whole number, not "${values.seed}".`);
else await measure({ rounds, seed, thorough: values.thorough, peer: values.peer, log: (line) => console.error(`  ${line}`) });

function refuse(fault: string): void {
  console.error(fault);
  process.exitCode = 2;
}

async function measure(options: BenchmarkOptions): Promise<void> {
  exitOnSignals();
  const machine = thisMachine();
  const chosen = benchmarks.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const reports = [];
  for (const benchmark of chosen) {
    console.error(`${benchmark.name}: ${benchmark.about}`);
    reports.push(await runBenchmark(benchmark, options));
  }
  await writeReport(machine, reports);
  console.log(reportLines(machine, reports).join('\n'));
  const broken = brokenPromises(reports);
  for (const promise of broken) console.error(`NOT KEPT ${promise}`);
  if (broken.length > 0) process.exitCode = 1;
}
