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

/** Nobody knows whether it was done: no answer in time, a connection cut, an answer that says neither. */
export class TotogiOutcomeUnknown extends TotogiFailure {
  override name = 'TotogiOutcomeUnknown';
}

/** Whether an error is a call to Totogi that came to no answer, before a durable step passed it on. */
export function isTotogiFailure(error: unknown): error is Error {
  return error instanceof TotogiFailure;
}

const NOT_DONE = new Set(['TotogiNotDone', 'TotogiRateLimited']);

/**
 * What is known after an error, caught where it was thrown or as a durable step passed it on: `not-done` for certain, or `unknown`, which
 * is also what an interrupted step means.
 */
export function knownAfter(error: unknown): 'not-done' | 'unknown' {
  for (let at = error; at instanceof Error; at = at.cause) if (NOT_DONE.has(at.name)) return 'not-done';
  return 'unknown';
}
