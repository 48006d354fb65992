import { StepInterruptedError, StepSemantics } from '@aws/durable-execution-sdk-js';
import { describe, expect, test } from 'vitest';
import { NotPrepared, NotSent, Throttled } from '../../../src/messaging/delivery.ts';
import { Contended } from '../../../src/platform/retry-on-conflict.ts';
import { knownAfter, TotogiNotDone, TotogiOutcomeUnknown, TotogiRateLimited, TotogiUnanswered } from '../../../src/totogi/failures.ts';
import { retryTotogiRead, retryTransient, sendOnce, totogiWriteOnce } from '../../../src/workflows/engine/retry-policies.ts';
import { loggedLines } from '../../builders/lambda.ts';

const limited = new TotogiRateLimited('subscribeToPlan', 5_400);
const notDone = new TotogiNotDone('subscribeToPlan', 'ECONNREFUSED');
const unknown = new TotogiOutcomeUnknown('subscribeToPlan', 'status 500');
const unanswered = new TotogiUnanswered('subscribeToPlan', 'TimeoutError');
const interrupted = new StepInterruptedError('step-1', 'subscribe-to-plan');
const ofAnother = new Error('The table did not answer.');
const AGAIN = { shouldRetry: true, delay: { seconds: expect.any(Number) } };

const timedOut = Object.assign(new Error('No answer.'), { name: 'TimeoutError' });
const fault = new TypeError('A fault of ours.');
const STOP = { shouldRetry: false };

describe('a step that may be repeated', () => {
  test.for([
    ['no answer', timedOut],
    ['an error that came from no answer', new Error('The table did not answer.', { cause: timedOut })],
    ['other writers of the record', new Contended('The record changed.')],
    ['a cut', interrupted],
  ] as const)('is tried again for a day after %s', ([, error]) => {
    for (const attempt of [1, 3, 219]) expect(retryTransient.retryStrategy(error, attempt)).toEqual(AGAIN);
    expect(retryTransient.retryStrategy(error, 220)).toEqual(STOP);
  });

  test('fails on the third try after anything else', () => {
    for (const attempt of [1, 2]) expect(retryTransient.retryStrategy(fault, attempt)).toEqual(AGAIN);
    expect(retryTransient.retryStrategy(fault, 3)).toEqual(STOP);
  });
});

describe('a step that sends', () => {
  test.for([
    ['is tried again for a day where the records or the carrier could not be reached', new NotSent('no answer'), 219, 220],
    ['is tried again for an hour where the carrier takes no more', new Throttled('Throttling'), 19, 20],
    ['looks again after a cut, ten times', interrupted, 9, 10],
    ['fails on the third try after a fault of ours', new NotPrepared(fault), 2, 3],
  ] as const)('%s', ([, error, last, stop]) => {
    expect(sendOnce.semantics).toBe(StepSemantics.AtMostOncePerRetry);
    expect(sendOnce.retryStrategy(error, last)).toEqual(AGAIN);
    expect(sendOnce.retryStrategy(error, stop)).toEqual(STOP);
  });

  test('is not tried again after anything else', () => {
    expect(sendOnce.retryStrategy(fault, 1)).toEqual(STOP);
  });
});

describe('what may be asked of Totogi again', () => {
  test.for([
    ['after a rate limit, when Totogi says', limited, { shouldRetry: true, delay: { seconds: 5_400 } }],
    ['soon, when it was not done', notDone, AGAIN],
    ['soon, when nobody knows', unknown, AGAIN],
    ['soon, when no answer came', unanswered, AGAIN],
    ['soon, after any other error', ofAnother, AGAIN],
  ] as const)('is: %s', ([, error, decision]) => {
    expect(retryTotogiRead.retryStrategy(error, 1)).toEqual(decision);
  });

  test('is given up in the end', () => {
    expect(retryTotogiRead.retryStrategy(limited, 10_000)).toMatchObject({ shouldRetry: false });
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
    expect(totogiWriteOnce.semantics).toBe(StepSemantics.AtMostOncePerRetry);
    expect(totogiWriteOnce.retryStrategy(error, 1)).toEqual(decision);
  });

  test('was certainly not done, or may be done yet, only when its error says so', () => {
    const passedOn = (cause: Error) => Object.assign(new Error('The step failed.', { cause }), { name: 'StepError' });
    expect([notDone, limited, unanswered, unknown, interrupted, ofAnother].map((error) => knownAfter(passedOn(error)))).toEqual([
      'not-done',
      'not-done',
      'timed-out',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('a step that is tried again', () => {
  const counts = async (retry: () => unknown) =>
    (await loggedLines(async () => retry())).lines
      .filter((line) => '_aws' in line)
      .map(({ service, outcome, retries }) => ({ service, outcome, retries }));
  const counted = (outcome: string) => ({ service: 'workflow-steps', outcome, retries: 1 });

  test.for([
    ['from its first attempt after a fault', retryTransient, fault, [1, 2], 'fault'],
    ['from its fifth attempt after no answer', retryTransient, timedOut, [5, 6, 219], 'transient'],
    ['from its fifth attempt after what it read of Totogi', retryTotogiRead, limited, [5, 6], 'transient'],
    ['from its first attempt to prepare a message', sendOnce, new NotPrepared(fault), [1, 2], 'fault'],
    ['from its fifth attempt to send', sendOnce, new Throttled('Throttling'), [5, 19], 'transient'],
  ] as const)('is counted %s', async ([, { retryStrategy }, error, attempts, kind]) => {
    for (const attempt of attempts) expect(await counts(() => retryStrategy(error, attempt))).toEqual([counted(kind)]);
  });

  test.for([
    ['within its first four attempts after no answer', retryTransient, timedOut, [1, 2, 3, 4]],
    ['when it is given up', retryTransient, fault, [3]],
    ['when it is never tried again', sendOnce, fault, [1]],
  ] as const)('is not counted %s', async ([, { retryStrategy }, error, attempts]) => {
    for (const attempt of attempts) expect(await counts(() => retryStrategy(error, attempt))).toEqual([]);
  });

  test('says in the log which kinds of error it had, and nothing that they quote', async () => {
    const { lines } = await loggedLines(async () => sendOnce.retryStrategy(new NotPrepared(fault), 1));
    const logged = lines.find(({ message }) => message === 'A step failed and is tried again.');
    expect(logged).toMatchObject({ kind: 'fault', error: 'NotPrepared', cause: 'TypeError', attempt: '1' });
    expect(JSON.stringify(lines)).not.toContain(fault.message);
  });
});
