import { patternsSuite } from './patterns.ts';
import type { Suite } from './suite.ts';
import { templatesSuite } from './templates.ts';

/** Every suite, in the order in which they run. */
export const suites: Suite[] = [templatesSuite, patternsSuite];
