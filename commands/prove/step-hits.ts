import type { FaultKind } from './faults/fault-kinds.ts';
import type { ReadRequest } from './faults/read-request.ts';

/** How often a step of a run began, and was hit by a throw or a kill before its effect and after it. */
export type StepHit = { started: number; before: number; after: number };

/** Which steps are under way, and what befalls them. */
export type StepHits = {
  /** By name. */
  steps: Map<string, StepHit>;
  began(arn: string, name: string): void;
  /** A step's end is acknowledged. */
  finished(arn: string): void;
  underWay(arn: string | undefined): string | undefined;
  hit(kind: FaultKind | 'died', arn: string | undefined, read: ReadRequest | undefined): void;
};

/** Steps whose outcome nobody may know: those that send, and those that have Totogi give. */
export const SEND = /^send-/;
export const GRANT = /^grant-/;

const THROWS_OR_KILLS = /^(error|four errors|cut off|no answer|killed|all killed)/;

/** The steps of a run come one after the other. */
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

/** Between the checkpoints of its start and its end a step has its effect, by one request or several. */
function isAfterTheEffect(kind: FaultKind | 'died', { checkpoint }: ReadRequest): boolean {
  const last = checkpoint?.updates.at(-1);
  return last === undefined ? !kind.endsWith('before') : last.Action !== 'START';
}
