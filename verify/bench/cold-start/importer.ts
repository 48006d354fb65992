import { createRequire } from 'node:module';

export type ImportTask = { bundle: string };
/** Processor time of the import, including compilation in other threads. */
export type ImportResult = { milliseconds: number };

process.once('message', ({ bundle }: ImportTask) => {
  const require = createRequire(import.meta.url);
  const before = process.cpuUsage();
  require(bundle);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ milliseconds: (user + system) / 1_000 } satisfies ImportResult);
  process.disconnect();
});
