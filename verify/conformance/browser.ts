import { findChromium } from './parts/chromium.ts';
import { runTests } from './parts/run-tests.ts';
import { versions } from './parts/versions.ts';
import type { Suite } from './suite.ts';

export const browserSuite: Suite = {
  name: 'browser',
  about: 'pages of offers and of unsubscribing on a phone without JavaScript, and /docs, in a headless Chromium',
  needs: ['browser'],
  async run({ log }) {
    const browser = await findChromium(log);
    if (!browser) throw new Error('There is no browser.');
    const { from, ...program } = browser;
    const config = ['--config', 'verify/conformance/browser/vitest.config.ts'];
    const tests = await runTests('browser', config, { TEST_BROWSER: JSON.stringify(program) });
    const part = from in versions ? `Chromium ${versions['@sparticuz/chromium']}` : from;
    const finding = { part, checked: 'claims about pages', passed: tests.passed, failed: tests.failed };
    return { findings: [finding], faults: tests.faults, notes: [] };
  },
};
