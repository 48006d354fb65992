import { cpus, totalmem } from 'node:os';

/** What figures depend on; neither names nor paths. */
export type Machine = { cores: number; processor: string; memoryGigabytes: number; system: string; node: string };

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
