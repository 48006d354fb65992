import * as z from 'zod';
import { secondsBetween } from '../schemas/time.ts';
import { TotogiOutcomeUnknown, TotogiRateLimited } from './failures.ts';

/** Totogi's plain no: the request was understood and nothing was done. Asking again changes nothing until somebody changes something. */
export type Rejected<Reason extends string = string> = {
  outcome: 'rejected';
  reason: Reason;
  /** Totogi's own code, finer than the reason: `InvalidId`, `BalanceLimitViolation`. */
  code: string;
  /** Which field is wrong, where the reason is `InvalidField`. */
  field?: string | undefined;
};

/** An operation: its document, how its answer is read, and every way in which Totogi says no to it. */
export type Operation<Done, Reason extends string> = {
  name: string;
  document: string;
  /** The answer that is no error; its `__typename` is in it where the result is a union. */
  done: z.ZodType<Done>;
  refusals: readonly Reason[];
};

/** What every result union asks for of its errors. The message is not asked for: it may quote an account. */
export const ERROR_FIELDS = `
  ... on Error { errorCode }
  ... on RateLimitExceeded { retryAfter }`;
export const FIELD_ERROR = '... on InvalidField { fieldName }';

const ErrorMember = z.object({
  __typename: z.string(),
  errorCode: z.string(),
  fieldName: z.string().optional(),
  retryAfter: z.string().optional(),
});

/** A limit that names no readable time. */
const RETRY_AFTER_UNKNOWN_SECONDS = 60;
const MAX_RETRY_AFTER_SECONDS = 24 * 3_600;

/**
 * Reads the result of an operation: the answer, or Totogi's no.
 *
 * @param now milliseconds since the epoch.
 * @throws TotogiRateLimited, and TotogiOutcomeUnknown for an error on Totogi's side and for what nobody told us of.
 */
export function parseOutcome<Done, Reason extends string>(
  operation: Operation<Done, Reason>,
  result: unknown,
  now: number,
): Done | Rejected<Reason> {
  const error = ErrorMember.safeParse(result);
  if (!error.success) {
    const done = operation.done.safeParse(result);
    if (done.success) return done.data;
    throw new TotogiOutcomeUnknown(operation.name, 'unreadable', { cause: faultsOf(done.error) });
  }
  const { __typename, errorCode, fieldName, retryAfter } = error.data;
  if (__typename === 'TransactionHasBeenProcessed') return operation.done.parse(result);
  if (__typename === 'RateLimitExceeded') throw new TotogiRateLimited(operation.name, secondsUntil(retryAfter, now));
  const reason = operation.refusals.find((known) => known === __typename);
  if (reason === undefined) throw new TotogiOutcomeUnknown(operation.name, __typename);
  return { outcome: 'rejected', reason, code: errorCode, field: fieldName };
}

/** From a `Retry-After` header or Totogi's own field: seconds, or a time. Never less than one second. */
export function secondsUntil(retryAfter: string | undefined | null, now: number): number {
  const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : secondsBetween(now, Date.parse(retryAfter ?? ''));
  return Number.isFinite(seconds) ? Math.min(Math.max(1, seconds), MAX_RETRY_AFTER_SECONDS) : RETRY_AFTER_UNKNOWN_SECONDS;
}

/** Where an answer is not as it should be, without what stood there. */
function faultsOf(error: z.ZodError): Error {
  return new Error(error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; '));
}
