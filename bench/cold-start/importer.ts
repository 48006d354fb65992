/** The process that imports one bundle, once. */
import { createRequire } from 'node:module';

export type ImportTask = { bundle: string };
/** Processor time of the import, with the compiling that it does beside. */
export type ImportResult = { milliseconds: number };

process.once('message', ({ bundle }: ImportTask) => {
  const require = createRequire(import.meta.url);
  const before = process.cpuUsage();
  require(bundle);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ milliseconds: (user + system) / 1_000 } satisfies ImportResult);
  process.disconnect();
});
