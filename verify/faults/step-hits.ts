import type { FaultKind } from './injection/fault-kinds.ts';
import type { ReadRequest } from './injection/seams.ts';

/** How often a step of a run started, and was hit by an error or a kill before and after its effect. */
export type StepHit = { started: number; before: number; after: number };

export type StepHits = {
  /** By name. */
  steps: Map<string, StepHit>;
  began(arn: string, name: string): void;
  /** A step's end was acknowledged. */
  finished(arn: string): void;
  underWay(arn: string | undefined): string | undefined;
  hit(kind: FaultKind | 'died', arn: string | undefined, read: ReadRequest | undefined): void;
};

/** Steps whose outcome may stay unknown: those that send, and those that have Totogi grant an offer. */
export const SEND = /^send-/;
export const GRANT = /^grant-/;

const THROWS_OR_KILLS = /^(error|four errors|cut off|no answer|killed|all killed)/;

/** A run has one step at a time. */
export function createStepHits(): StepHits {
  const steps = new Map<string, StepHit>();
  const current = new Map<string, string>();
  return {
    steps,
    began(arn, name) {
      current.set(arn, name);
      const step = steps.get(name) ?? { started: 0, before: 0, after: 0 };
      step.started++;
      steps.set(name, step);
    },
    finished: (arn) => void current.delete(arn),
    underWay: (arn) => (arn === undefined ? undefined : current.get(arn)),
    hit(kind, arn, read) {
      const step = steps.get(current.get(arn ?? '') ?? '');
      if (step === undefined || read === undefined || !THROWS_OR_KILLS.test(kind)) return;
      step[isAfterTheEffect(kind, read) ? 'after' : 'before']++;
    },
  };
}

/** A step has its effect between the checkpoints of its start and its end, by one request or several. */
function isAfterTheEffect(kind: FaultKind | 'died', { checkpoint }: ReadRequest): boolean {
  const last = checkpoint?.updates.at(-1);
  return last === undefined ? !kind.endsWith('before') : last.Action !== 'START';
}
