import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installNpmPackage } from './parts/install.ts';
import { runTests } from './parts/run-tests.ts';
import { versions } from './parts/versions.ts';
import type { Suite } from './suite.ts';

const PACKAGE = '@aws/durable-execution-sdk-js-testing';

/** What cannot be asked of that runner, and why. */
const LEFT_OUT = { test: 'retention-offer that nobody answers', reason: 'the runner lets no callback time out' };

/** The pinned histories of the workflows under another engine than the local one. */
export const durableSuite: Suite = {
  name: 'durable',
  about: "the workflows' pinned histories, which npm test runs on the local durable executions, under the durable SDK's own test runner",
  needs: [],
  async run({ say }) {
    const folder = await installNpmPackage(PACKAGE, say);
    const module = pathToFileURL(join(folder, 'node_modules', PACKAGE, 'dist', 'index.mjs')).href;
    const { passed, failed, faults } = await runTests(
      'durable',
      ['test/workflows/histories.test.ts', '--testNamePattern', `^(?!.*${LEFT_OUT.test})`],
      { TEST_DURABLE_RUNNER: module },
    );
    const part = `${PACKAGE} ${versions[PACKAGE]}`;
    return {
      findings: [{ part, checked: 'test/workflows/histories.test.ts', passed, failed }],
      faults,
      notes: [`left out: ${LEFT_OUT.test}: ${LEFT_OUT.reason}`],
    };
  },
};
