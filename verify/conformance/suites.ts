import { apiSuite } from './api.ts';
import { browserSuite } from './browser.ts';
import { durableSuite } from './durable.ts';
import { lambdaRuntimeSuite } from './lambda-runtime.ts';
import { motoSuite } from './moto.ts';
import { storeSuite } from './store.ts';
import type { Suite } from './suite.ts';
import { templatesSuite } from './templates.ts';

/** In the order in which they run. */
export const suites: Suite[] = [templatesSuite, motoSuite, storeSuite, lambdaRuntimeSuite, durableSuite, browserSuite, apiSuite];
