import type { Runtime } from './parts/runtimes.ts';

/** The counts are those of the part itself or of the suite's runner. */
export type Finding = {
  /** With its version. */
  part: string;
  /** In a few words with figures. */
  checked: string;
  passed: number;
  failed: number;
};

export type SuiteOptions = {
  /** For everything that is generated. */
  seed: number;
  /** The full numbers instead of the bounded ones, which takes too long for every change. */
  thorough: boolean;
  log: (line: string) => void;
};

export type SuiteOutcome = {
  findings: Finding[];
  faults: string[];
  /** What else the reader should know: waivers, limits of a part, measurements. */
  notes: string[];
};

export type Suite = {
  name: string;
  about: string;
  /** What must be on the machine; the suite installs everything else itself. */
  needs: Runtime[];
  run(options: SuiteOptions): Promise<SuiteOutcome>;
};

/** A finding made of claims, each of which holds or is a fault. */
export type Claims = {
  /** `fault` describes what was seen instead. */
  claim(succeeds: boolean, fault: string): void;
  finding(part: string, checked: string): Finding;
  faults: string[];
};

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
