import type { Runtime } from './parts/runtimes.ts';

/** What one independent part checked, as the part itself or the suite's runner counted it. */
export type Finding = {
  /** The part with its version. */
  part: string;
  /** What it looked at, in a few words with figures. */
  checked: string;
  passed: number;
  failed: number;
};

export type SuiteOptions = {
  /** Of everything that is generated. */
  seed: number;
  /** Run what takes too long for every change: the full numbers instead of the bounded ones. */
  thorough: boolean;
  /** Tells what is going on. */
  log: (line: string) => void;
};

export type SuiteOutcome = {
  findings: Finding[];
  /** Each failure in words. */
  faults: string[];
  /** What the reader should know beside: what was waived, what a part lacks, what was measured. */
  notes: string[];
};

/** One suite against parts that others wrote. */
export type Suite = {
  name: string;
  about: string;
  /** What has to be on the machine; everything else the suite installs by itself. */
  needs: Runtime[];
  run(options: SuiteOptions): Promise<SuiteOutcome>;
};

/** A finding made of claims: each holds or is a fault in words. */
export type Claims = {
  /** Counts a claim; `fault` says what was seen instead. */
  claim(succeeds: boolean, fault: string): void;
  finding(part: string, checked: string): Finding;
  faults: string[];
};

/** Opens the count of a suite that looks at each claim by itself. */
export function createClaims(): Claims {
  const faults: string[] = [];
  let passed = 0;
  return {
    faults,
    claim(succeeds, fault) {
      if (succeeds) passed += 1;
      else faults.push(fault);
    },
    finding: (part, checked) => ({ part, checked, passed, failed: faults.length }),
  };
}
