import { TransientError } from '../platform/transient-errors.ts';

/**
 * A call to Totogi without an answer. The subclass decides what may follow: a call that was certainly not done may be retried; one that may
 * have been done must be checked first. Messages name the operation but none of its variables.
 *
 * A durable step drops the class of an error and keeps its `name`.
 */
class TotogiFailure extends TransientError {
  constructor(operation: string, reason: string, options?: ErrorOptions) {
    super(`Totogi's ${operation} came to no answer: ${reason}.`, options);
  }
}

/** Certainly not done: the request never arrived or was rejected before it was processed. */
export class TotogiNotDone extends TotogiFailure {
  override name = 'TotogiNotDone';
}

/** Certainly not done. Retry after the given seconds. */
export class TotogiRateLimited extends TotogiFailure {
  override name = 'TotogiRateLimited';
  readonly retryAfterSeconds: number;

  constructor(operation: string, retryAfterSeconds: number) {
    super(operation, 'rate limit');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** May or may not be done: Totogi's answer does not tell. Totogi is no longer working on it. */
export class TotogiOutcomeUnknown extends TotogiFailure {
  override name = 'TotogiOutcomeUnknown';
}

/** May or may not be done, or may still be: no answer in time, or a broken connection. */
export class TotogiUnanswered extends TotogiFailure {
  override name = 'TotogiUnanswered';
}

/** Works only before a durable step passes the error on. */
export function isTotogiFailure(error: unknown): error is Error {
  return error instanceof TotogiFailure;
}

export type Known = 'not-done' | 'unknown' | 'timed-out';

const KNOWN: ReadonlyMap<string, Known> = new Map([
  ['TotogiNotDone', 'not-done'],
  ['TotogiRateLimited', 'not-done'],
  ['TotogiUnanswered', 'timed-out'],
]);

/**
 * Works before and after a durable step passes the error on: `not-done` for certain, `timed-out` when Totogi may still be working on it,
 * `unknown` for all else, interrupted steps included.
 */
export function knownAfter(error: unknown): Known {
  for (let at = error; at instanceof Error; at = at.cause) {
    const known = KNOWN.get(at.name);
    if (known !== undefined) return known;
  }
  return 'unknown';
}
