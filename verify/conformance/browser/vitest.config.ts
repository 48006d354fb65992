import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { shared } from '../../../vitest.config.ts';

/** The project's settings. These tests are separate because they need a browser. */
export default defineConfig({
  test: { ...shared, root: fileURLToPath(new URL('../../../', import.meta.url)), include: ['verify/conformance/browser/*.test.ts'] },
});
