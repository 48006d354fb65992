import { StepInterruptedError, StepSemantics } from '@aws/durable-execution-sdk-js';
import { describe, expect, test } from 'vitest';
import { knownAfter, TotogiNotDone, TotogiOutcomeUnknown, TotogiRateLimited, TotogiUnanswered } from '../../src/totogi/failures.ts';
import { atMostOnceAtTotogi, keepAskingTotogi } from '../../src/workflows/persistence.ts';

const limited = new TotogiRateLimited('subscribeToPlan', 5_400);
const notDone = new TotogiNotDone('subscribeToPlan', 'ECONNREFUSED');
const unknown = new TotogiOutcomeUnknown('subscribeToPlan', 'status 500');
const unanswered = new TotogiUnanswered('subscribeToPlan', 'TimeoutError');
const interrupted = new StepInterruptedError('step-1', 'subscribe-to-plan');
const ofAnother = new Error('The table did not answer.');
const AGAIN = { shouldRetry: true, delay: { seconds: expect.any(Number) } };

describe('what may be asked of Totogi again', () => {
  test.for([
    ['after a rate limit, when Totogi says', limited, { shouldRetry: true, delay: { seconds: 5_400 } }],
    ['soon, when it was not done', notDone, AGAIN],
    ['soon, when nobody knows', unknown, AGAIN],
    ['soon, when no answer came', unanswered, AGAIN],
    ['soon, after any other error', ofAnother, AGAIN],
  ] as const)('is: %s', ([, error, decision]) => {
    expect(keepAskingTotogi.retryStrategy(error, 1)).toEqual(decision);
  });

  test('is given up in the end', () => {
    expect(keepAskingTotogi.retryStrategy(limited, 10_000)).toMatchObject({ shouldRetry: false });
  });
});

describe('what may be done at most once', () => {
  test.for([
    ['is tried again when Totogi says, after a rate limit', limited, { shouldRetry: true, delay: { seconds: 5_400 } }],
    ['is tried again when it was not done', notDone, AGAIN],
    ['is not tried again when nobody knows', unknown, { shouldRetry: false }],
    ['is not tried again when no answer came', unanswered, { shouldRetry: false }],
    ['is not tried again after a crash', interrupted, { shouldRetry: false }],
    ['is not tried again after any other error', ofAnother, { shouldRetry: false }],
  ] as const)('%s', ([, error, decision]) => {
    expect(atMostOnceAtTotogi.semantics).toBe(StepSemantics.AtMostOncePerRetry);
    expect(atMostOnceAtTotogi.retryStrategy(error, 1)).toEqual(decision);
  });

  test('was certainly not done, or may be done yet, only when its error says so', () => {
    const passedOn = (cause: Error) => Object.assign(new Error('The step failed.', { cause }), { name: 'StepError' });
    expect([notDone, limited, unanswered, unknown, interrupted, ofAnother].map((error) => knownAfter(passedOn(error)))).toEqual([
      'not-done',
      'not-done',
      'unanswered',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});
