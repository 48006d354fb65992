import type { Benchmark } from './benchmark.ts';
import { coldStart } from './cold-start.ts';
import { consume } from './consume.ts';
import { cost } from './cost.ts';
import { hostile } from './hostile.ts';
import { lookups } from './lookups.ts';
import { memory } from './memory.ts';
import { peer } from './peer.ts';
import { schema } from './schema.ts';

/** In the order in which they run. */
export const benchmarks: Benchmark[] = [consume, schema, hostile, coldStart, memory, lookups, cost, peer];
