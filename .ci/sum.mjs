// Sums what the runners counted, and tells again, at the end of a long log, what failed and why:
// node .ci/sum.mjs <vitest's report> <the proof's report>. The suites' reports lie where `npm run conformance` leaves them.
import { readdirSync, readFileSync } from 'node:fs';

const [testsFile, proofFile] = process.argv.slice(2);
const suitesFolder = '.conformance/reports';

const runners = [counted('npm test', countTests), counted('npm run prove', countProof), counted('npm run conformance', countSuites)];
const passed = sum(runners.map((runner) => runner.passed));
const failed = sum(runners.map((runner) => runner.failed));
for (const fault of runners.flatMap(({ faults }) => faults)) console.log(`failed: ${fault}`);
console.log(`\ntests: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && runners.every((runner) => runner.passed > 0) ? 0 : 1;

/** A runner that left no report counts as one failure. */
function counted(runner, count) {
  try {
    return count();
  } catch (error) {
    return { passed: 0, failed: 1, faults: [`${runner} left no report: ${error.message}`] };
  }
}

function countTests() {
  const { numPassedTests, numFailedTests, testResults } = read(testsFile);
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const failures = testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${file.name}: ${fullName}\n${failureMessages.join('\n')}`),
  );
  const faults = [...failures, ...unloaded.map((file) => `${file.name}\n${file.message}`)];
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length, faults };
}

function countProof() {
  const { checks, comparisons } = read(proofFile);
  const wrong = comparisons.filter((comparison) => comparison.wrong.length > 0);
  return { ...checks, faults: wrong.map(({ claim, wrong }) => `npm run prove: ${claim}\n${wrong.slice(0, 20).join('\n')}`) };
}

function countSuites() {
  const reports = readdirSync(suitesFolder).map((file) => read(`${suitesFolder}/${file}`));
  const findings = reports.flatMap((report) => report.findings);
  return {
    passed: sum(findings.map((finding) => finding.passed)),
    failed: sum(findings.map((finding) => finding.failed)),
    faults: reports.flatMap(({ suite, faults }) => faults.map((fault) => `${suite}: ${fault}`)),
  };
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
