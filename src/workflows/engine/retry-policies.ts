import {
  createRetryStrategy,
  JitterStrategy,
  type RetryStrategyConfig,
  type StepConfig,
  StepSemantics,
} from '@aws/durable-execution-sdk-js';
import { NOT_PREPARED, NOT_SENT, THROTTLED } from '../../messaging/delivery.ts';
import { isTransient } from '../../platform/transient-errors.ts';
import { knownAfter, TotogiRateLimited } from '../../totogi/failures.ts';
import { countRetry, type RetryKind } from './step-retries.ts';

const FIRST_PAUSE_SECONDS = 2;
const MAX_PAUSE_MINUTES = 15;
/** The pauses double up to 15 minutes, and jitter may halve them: this outlasts an outage of a day. */
const MAX_ATTEMPTS = 220;

/** An error that is no outage is a defect in code or content: retries do not help, and operations should hear of it soon. */
const MAX_ATTEMPTS_AFTER_FAULT = 3;

const waitOutage = counted('transient', {
  maxAttempts: MAX_ATTEMPTS,
  initialDelay: { seconds: FIRST_PAUSE_SECONDS },
  maxDelay: { minutes: MAX_PAUSE_MINUTES },
  jitter: JitterStrategy.HALF,
});

const giveUpSoon = counted('fault', {
  maxAttempts: MAX_ATTEMPTS_AFTER_FAULT,
  initialDelay: { seconds: FIRST_PAUSE_SECONDS },
  jitter: JitterStrategy.HALF,
});

function counted(kind: RetryKind, config: RetryStrategyConfig) {
  const decide = createRetryStrategy(config);
  return (error: Error, attempt: number) => {
    const decision = decide(error, attempt);
    if (decision.shouldRetry) countRetry(kind, error, attempt);
    return decision;
  };
}

/** For a step that may be repeated: it retries through an outage, and fails soon after any other error. */
export const retryTransient = {
  retryStrategy: (error: Error, attempt: number) => (passes(error) ? waitOutage(error, attempt) : giveUpSoon(error, attempt)),
};

function passes(error: Error): boolean {
  return error.name === INTERRUPTED || isTransient(error);
}

const FIRST_THROTTLE_SECONDS = 5;
const MAX_THROTTLE_MINUTES = 5;
/** About an hour: a rate limit passes in seconds, and only people can raise a daily quota. */
const MAX_THROTTLED_ATTEMPTS = 20;

const retryThrottled = counted('transient', {
  maxAttempts: MAX_THROTTLED_ATTEMPTS,
  initialDelay: { seconds: FIRST_THROTTLE_SECONDS },
  maxDelay: { minutes: MAX_THROTTLE_MINUTES },
  jitter: JitterStrategy.HALF,
});

/** The SDK's name for a step that was cut off. */
const INTERRUPTED = 'StepInterruptedError';
const MAX_INTERRUPTIONS = 10;

const retryInterrupted = counted('transient', { maxAttempts: MAX_INTERRUPTIONS, initialDelay: { seconds: 1 }, maxDelay: { minutes: 1 } });

/**
 * For the step that starts a send attempt. It retries if nothing was sent: the records or the carrier said so, or the step was cut off.
 * After a cut-off the record decides: each attempt is stored before it is made, and a second one is refused.
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
 * For a step that asks Totogi what is safe to repeat: reads, and writes with a transaction ID. It retries through an outage, and waits as
 * long as a rate limit asks.
 */
export const retryTotogiRead = {
  retryStrategy: (error: Error, attempt: number) => {
    const decision = retryTransient.retryStrategy(error, attempt);
    if (!decision.shouldRetry || !(error instanceof TotogiRateLimited)) return decision;
    return { shouldRetry: true, delay: { seconds: error.retryAfterSeconds } };
  },
} satisfies StepConfig<unknown>;

/**
 * For a step that changes an account's plans, for which Totogi has no transaction ID. It retries only after an error that proves that
 * nothing was done; after any other, `knownAfter` of the step's error is `unknown` or `timed-out`.
 */
export const totogiWriteOnce = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: (error: Error, attempt: number) =>
    knownAfter(error) === 'not-done' ? retryTotogiRead.retryStrategy(error, attempt) : { shouldRetry: false },
} satisfies StepConfig<unknown>;
