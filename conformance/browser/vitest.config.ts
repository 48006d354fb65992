import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { shared } from '../../vitest.config.ts';

/** As the project's own tests, which these are none of: they need a browser. */
export default defineConfig({
  test: { ...shared, root: fileURLToPath(new URL('../..', import.meta.url)), include: ['conformance/browser/*.test.ts'] },
});
