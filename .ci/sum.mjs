// Sums what the runners counted, and tells again, at the end of a long log, what failed and why:
// node .ci/sum.mjs <vitest's two reports> <the proofs' reports>. The suites' reports lie where `npm run conformance` leaves them.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [productFile, toolsFile, ...proofFiles] = process.argv.slice(2);
const suitesFolder = '.conformance/reports';

const runners = [
  await counted('npm test', () => countVitest(productFile)),
  await counted('npm run test:tools', () => countVitest(toolsFile)),
  ...(await Promise.all(proofFiles.map((file) => counted(`npm run prove (${basename(file)})`, () => countProof(file))))),
  await counted('npm run conformance', countSuites),
];
const passed = sum(runners.map((runner) => runner.passed));
const failed = sum(runners.map((runner) => runner.failed));
for (const fault of runners.flatMap(({ faults }) => faults)) console.log(`failed: ${fault}`);
console.log(`\ntests: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && runners.every((runner) => runner.passed > 0) ? 0 : 1;

/** A runner that left no report counts as one failure. */
async function counted(runner, count) {
  try {
    return await count();
  } catch (error) {
    return { passed: 0, failed: 1, faults: [`${runner} left no report: ${error.message}`] };
  }
}

// What follows imports the project when it is needed: where it could not be installed, that is counted like any other failure.

async function countVitest(file) {
  const { countTests } = await import('../verify/conformance/parts/test-report.ts');
  return countTests(readFileSync(file, 'utf8'));
}

function countProof(file) {
  const { checks, comparisons } = read(file);
  const wrong = comparisons.filter((comparison) => comparison.wrong.length > 0);
  return { ...checks, faults: wrong.map(({ claim, wrong }) => `npm run prove: ${claim}\n${wrong.slice(0, 20).join('\n')}`) };
}

async function countSuites() {
  const { suites } = await import('../verify/conformance/suites.ts');
  const reports = readdirSync(suitesFolder).map((file) => read(`${suitesFolder}/${file}`));
  const silent = suites.filter(({ name }) => !reports.some(({ suite, status }) => suite === name && status !== 'skipped'));
  const of = (report, count) => sum(report.findings.map((finding) => finding[count]));
  return {
    passed: sum(reports.map((report) => of(report, 'passed'))),
    // A suite fails without a failed check too, for example when a part of it checked nothing.
    failed: sum(reports.map((report) => Math.max(of(report, 'failed'), report.status === 'failed' ? 1 : 0))) + silent.length,
    faults: [
      ...reports.flatMap(({ suite, faults }) => faults.map((fault) => `${suite}: ${fault}`)),
      ...silent.map(({ name }) => `${name}: the suite did not run to its end`),
    ],
  };
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
