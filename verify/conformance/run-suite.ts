import { missingRuntimes } from './parts/runtimes.ts';
import type { Suite, SuiteOptions, SuiteOutcome } from './suite.ts';

/** A skipped suite has the reason. If every suite is required, it counts as failed. */
export type SuiteReport = SuiteOutcome & { suite: string; status: 'passed' | 'failed' | 'skipped'; seconds: number };

/** A suite that throws fails, with the error as its fault. */
export async function runSuite(suite: Suite, options: SuiteOptions & { required: boolean }): Promise<SuiteReport> {
  const started = performance.now();
  const outcome = await outcomeOf(suite, options);
  const seconds = Math.round((performance.now() - started) / 1_000);
  return { suite: suite.name, ...outcome, seconds };
}

async function outcomeOf(suite: Suite, options: SuiteOptions & { required: boolean }): Promise<SuiteOutcome & Pick<SuiteReport, 'status'>> {
  const missing = await missingRuntimes(suite.needs);
  if (missing.length > 0 && !options.required) {
    return { status: 'skipped', findings: [], faults: [], notes: [`skipped: this machine has not ${missing.join(', nor ')}`] };
  }
  if (missing.length > 0) return broken(suite, `this machine has not ${missing.join(', nor ')}`);
  try {
    const outcome = await suite.run(options);
    const sound = outcome.faults.length === 0 && outcome.findings.every(({ failed, passed }) => failed === 0 && passed > 0);
    if (sound) return { ...outcome, status: 'passed' };
    const silent = outcome.faults.length === 0 ? ['a part checked nothing, or counts a failure without a word'] : outcome.faults;
    return { ...outcome, faults: silent, status: 'failed' };
  } catch (error) {
    return broken(suite, error instanceof Error ? error.message : String(error));
  }
}

function broken(suite: Suite, fault: string): SuiteOutcome & Pick<SuiteReport, 'status'> {
  return { status: 'failed', findings: [{ part: suite.name, checked: 'could not run', passed: 0, failed: 1 }], faults: [fault], notes: [] };
}
