import { defineConfig } from 'vitest/config';
import { shared } from '../../vitest.config.ts';

/** Without packaging before each mutant: the package of the sources as they were is in the copy. */
export default defineConfig({ test: { ...shared, root: process.cwd(), globalSetup: [], maxWorkers: 2 } });
