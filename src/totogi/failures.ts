/**
 * A call to Totogi that came to no answer. What is known then decides what may be done next: what was certainly not done may be tried
 * again, what may have been done has to be looked at first. Messages name the operation and never what it was asked.
 *
 * The class is lost when a durable step passes an error on; `name` stays.
 */
class TotogiFailure extends Error {
  constructor(operation: string, reason: string, options?: ErrorOptions) {
    super(`Totogi's ${operation} came to no answer: ${reason}.`, options);
  }
}

/** It was certainly not done: the request never arrived, or was refused before anything was looked at. */
export class TotogiNotDone extends TotogiFailure {
  override name = 'TotogiNotDone';
}

/** It was certainly not done, and may be tried again after so many seconds. */
export class TotogiRateLimited extends TotogiFailure {
  override name = 'TotogiRateLimited';
  readonly retryAfterSeconds: number;

  constructor(operation: string, retryAfterSeconds: number) {
    super(operation, 'rate limit');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nobody knows whether it was done: Totogi answered, and the answer says neither. It is at work on it no more. */
export class TotogiOutcomeUnknown extends TotogiFailure {
  override name = 'TotogiOutcomeUnknown';
}

/** Nobody knows whether it was done, nor whether it will be: no answer in time, or a connection cut. Totogi may be at work on it yet. */
export class TotogiUnanswered extends TotogiFailure {
  override name = 'TotogiUnanswered';
}

/** Whether an error is a call to Totogi that came to no answer, before a durable step passed it on. */
export function isTotogiFailure(error: unknown): error is Error {
  return error instanceof TotogiFailure;
}

/** What is known after a call that came to no answer. */
export type Known = 'not-done' | 'unknown' | 'timed-out';

const KNOWN: ReadonlyMap<string, Known> = new Map([
  ['TotogiNotDone', 'not-done'],
  ['TotogiRateLimited', 'not-done'],
  ['TotogiUnanswered', 'timed-out'],
]);

/**
 * What is known after an error, caught where it was thrown or as a durable step passed it on: `not-done` for certain, `timed-out` where
 * Totogi may be at work on it yet, or `unknown`, which is also what an interrupted step means.
 */
export function knownAfter(error: unknown): Known {
  for (let at = error; at instanceof Error; at = at.cause) {
    const known = KNOWN.get(at.name);
    if (known !== undefined) return known;
  }
  return 'unknown';
}
