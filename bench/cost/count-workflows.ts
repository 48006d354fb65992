import { WORKFLOWS } from '../../src/schemas/workflow.ts';
import type { BenchmarkOptions } from '../benchmark.ts';
import { type CountedMix, countMix } from './count-mix.ts';
import { countRuns } from './count-runs.ts';
import { type MeteredService, startMeteredService } from './metered-service.ts';
import { openPackagedFunctions } from './packaged-functions.ts';
import type { Usage } from './usage.ts';

export const WARM_UP_RUNS = 100;
export const COUNTED_RUNS = 200;

export type CountedWorkflows = { run: Usage; mix: CountedMix };

/** Each count has its own service. */
export async function countWorkflows({ seed, log }: BenchmarkOptions): Promise<CountedWorkflows> {
  log(`${COUNTED_RUNS} runs of one workflow …`);
  const run = await onService(log, (service) => countRuns(service, { warmUp: WARM_UP_RUNS, runs: COUNTED_RUNS }));
  return { run, mix: await onService(log, (service) => countMix(service, seed, log)) };
}

async function onService<Counted>(log: (line: string) => void, count: (service: MeteredService) => Promise<Counted>): Promise<Counted> {
  const functions = await openPackagedFunctions(WORKFLOWS);
  try {
    const service = await startMeteredService(log, functions.host);
    try {
      return await count(service);
    } finally {
      await service.close();
    }
  } finally {
    await functions.close();
  }
}
