import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import whole from '../../vitest.config.ts';

/** As the project's own tests, which these are none of: they need a browser. */
export default defineConfig({
  test: { ...whole.test, root: fileURLToPath(new URL('../..', import.meta.url)), include: ['conformance/browser/*.test.ts'] },
});
