import type { AwsCall } from '../../shared/aws-call.ts';

/**
 * `before`: the request was not executed. `after`: it was executed, and the answer is lost. Killed: the invocation does nothing from then
 * on, like a dead Lambda sandbox.
 */
export const FAULT_KINDS = [
  'throttled',
  'error before',
  'error after',
  'four errors',
  'cut off before',
  'cut off after',
  'no answer before',
  'no answer after',
  'slow',
  'killed before',
  'killed after',
  'redelivered',
  'all killed',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** For the report. */
export const FAULT_DESCRIPTIONS: Record<FaultKind, string> = {
  throttled: 'the service says that it takes no more at the moment; nothing was done',
  'error before': 'status 500; nothing was done',
  'error after': 'status 500, and it was done',
  'four errors': 'status 500 four times in a row, more than the SDK tries; the first time it was done',
  'cut off before': 'the connection breaks; nothing was done',
  'cut off after': 'the connection breaks, and it was done',
  'no answer before': 'no answer until the client tires of waiting; nothing was done',
  'no answer after': 'no answer until the client tires of waiting, and it was done',
  slow: 'the answer takes 0.4 seconds longer',
  'killed before': 'the sandbox that asks dies, and with it all that it has in hand; nothing was done',
  'killed after': 'the sandbox that asks dies, and with it all that it has in hand; this was done',
  redelivered: 'the notification comes again in the middle of sending a message about it',
  'all killed': 'every sandbox dies at once, with what it keeps in memory',
};

/** After these it is unknown whether the request was executed, or its caller does nothing more. */
export const AMBIGUOUS: ReadonlySet<FaultKind> = new Set(
  FAULT_KINDS.filter((kind) => kind !== 'throttled' && kind !== 'slow' && kind !== 'redelivered'),
);

/** The request was not executed. */
export const NOTHING_DONE: ReadonlySet<FaultKind | undefined> = new Set(
  FAULT_KINDS.filter((kind) => kind === 'throttled' || kind.endsWith('before')),
);

/** The answer arrives unchanged, as without a fault. */
export const ANSWERED: ReadonlySet<FaultKind | undefined> = new Set([undefined, 'slow', 'redelivered']);

export type Service = AwsCall['service'];

/** A place where a fault can hit: the caller and the operation. `isRare`: a seam with few requests is hit more often. */
export type Seam = { name: string; service: Service; kinds: readonly FaultKind[]; isRare?: boolean };

const USUAL = FAULT_KINDS.filter((kind) => kind !== 'redelivered' && kind !== 'all killed');
const OF_SENDS: readonly FaultKind[] = [...USUAL, 'redelivered'];
/** The durable SDK waits 55 seconds for the answer to a checkpoint: a cut-off has the same effect sooner. */
const OF_CHECKPOINTS = USUAL.filter((kind) => !kind.startsWith('no answer'));

export const KINDS = { usual: USUAL, ofSends: OF_SENDS, ofCheckpoints: OF_CHECKPOINTS };
