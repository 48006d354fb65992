import { createRetryStrategy, JitterStrategy, type StepConfig, StepSemantics } from '@aws/durable-execution-sdk-js';
import { NOT_PREPARED, NOT_SENT, THROTTLED } from '../channels/delivery.ts';
import { isTransient } from '../store/transient-errors.ts';
import { isTotogiFailure, knownAfter, TotogiRateLimited } from '../totogi/failures.ts';

const FIRST_PAUSE_SECONDS = 2;
const MAX_PAUSE_MINUTES = 15;
/** With pauses that double up to 15 minutes, of which jitter may take half, this outlasts an outage of a day. */
const MAX_ATTEMPTS = 220;

/** What is no outage is a fault of ours or of the content: it is the same at each try, and people are to hear of it. */
const MAX_ATTEMPTS_AFTER_FAULT = 3;

const waitOutage = createRetryStrategy({
  maxAttempts: MAX_ATTEMPTS,
  initialDelay: { seconds: FIRST_PAUSE_SECONDS },
  maxDelay: { minutes: MAX_PAUSE_MINUTES },
  jitter: JitterStrategy.HALF,
});

const giveUpSoon = createRetryStrategy({
  maxAttempts: MAX_ATTEMPTS_AFTER_FAULT,
  initialDelay: { seconds: FIRST_PAUSE_SECONDS },
  jitter: JitterStrategy.HALF,
});

/** For a step that may be repeated: an outage of what it calls is waited out, not turned into a failed run. Anything else fails soon. */
export const retryTransient = {
  retryStrategy: (error: Error, attempt: number) => (passes(error) ? waitOutage(error, attempt) : giveUpSoon(error, attempt)),
};

function passes(error: Error): boolean {
  return error.name === INTERRUPTED || isTotogiFailure(error) || isTransient(error);
}

const FIRST_THROTTLE_SECONDS = 5;
const MAX_THROTTLE_MINUTES = 5;
/** About an hour: a rate is over in seconds, and a day's quota is for people to raise. */
const MAX_THROTTLED_ATTEMPTS = 20;

const retryThrottled = createRetryStrategy({
  maxAttempts: MAX_THROTTLED_ATTEMPTS,
  initialDelay: { seconds: FIRST_THROTTLE_SECONDS },
  maxDelay: { minutes: MAX_THROTTLE_MINUTES },
  jitter: JitterStrategy.HALF,
});

/** The SDK's name for a step that was cut off in the middle. */
const INTERRUPTED = 'StepInterruptedError';
const MAX_INTERRUPTIONS = 10;

const retryInterrupted = createRetryStrategy({ maxAttempts: MAX_INTERRUPTIONS, initialDelay: { seconds: 1 }, maxDelay: { minutes: 1 } });

/**
 * For the step that starts an offer. It may be tried again where nothing was handed over: the records or the carrier said so, or it was cut
 * off. Of one that was cut off nobody knows how far it came; the record does, since an attempt is on it before it is made, and a second
 * one is not made.
 */
export const sendOnce = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: (error: Error, attempt: number) => {
    if (error.name === NOT_SENT) return waitOutage(error, attempt);
    if (error.name === NOT_PREPARED) return giveUpSoon(error, attempt);
    if (error.name === THROTTLED) return retryThrottled(error, attempt);
    return error.name === INTERRUPTED ? retryInterrupted(error, attempt) : { shouldRetry: false };
  },
} satisfies StepConfig<unknown>;

/**
 * For a step that asks Totogi what may be asked again: readings, and what a transaction id makes harmless to repeat. It waits out an
 * outage, and a rate limit for as long as Totogi says.
 */
export const retryTotogiRead = {
  retryStrategy: (error: Error, attempt: number) => {
    const decision = retryTransient.retryStrategy(error, attempt);
    if (!decision.shouldRetry || !(error instanceof TotogiRateLimited)) return decision;
    return { shouldRetry: true, delay: { seconds: error.retryAfterSeconds } };
  },
} satisfies StepConfig<unknown>;

/**
 * For a step that changes an account's plans, which Totogi knows no transaction for: it is done at most once. Only an error that says that
 * nothing was done lets it be tried again; after any other, `knownAfter` of what the step throws is `unknown`.
 */
export const totogiWriteOnce = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: (error: Error, attempt: number) =>
    knownAfter(error) === 'not-done' ? retryTotogiRead.retryStrategy(error, attempt) : { shouldRetry: false },
} satisfies StepConfig<unknown>;
