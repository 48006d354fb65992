import * as z from 'zod';
import { DAY } from '../platform/duration.ts';
import { secondsBetween } from '../platform/time.ts';
import { TotogiOutcomeUnknown, TotogiRateLimited } from './failures.ts';

/** Totogi understood the request and did nothing. A repeat gets the same answer until something changes. */
export type Rejected<Reason extends string = string> = {
  outcome: 'rejected';
  reason: Reason;
  /** Totogi's own code, more specific than the reason: `InvalidId`, `BalanceLimitViolation`. */
  code: string;
  /** Only when the reason is `InvalidField`. */
  field?: string | undefined;
};

/** `refusals` lists every way in which Totogi rejects the operation. */
export type Operation<Done, Reason extends string> = {
  name: string;
  document: string;
  /** The successful answer; includes `__typename` when the result is a union. */
  done: z.ZodType<Done>;
  refusals: readonly Reason[];
};

/** Never requests an error's message, which may quote an account. */
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

const RETRY_AFTER_UNKNOWN_SECONDS = 60;
const MAX_RETRY_AFTER_SECONDS = DAY / 1_000;

/**
 * @param now milliseconds since the epoch.
 * @throws TotogiRateLimited, or TotogiOutcomeUnknown for a fault of Totogi's and for an unknown answer.
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

/** Accepts a `Retry-After` header or Totogi's own field: seconds or a time. At least one second. */
export function secondsUntil(retryAfter: string | undefined | null, now: number): number {
  const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : secondsBetween(now, Date.parse(retryAfter ?? ''));
  return Number.isFinite(seconds) ? Math.min(Math.max(1, seconds), MAX_RETRY_AFTER_SECONDS) : RETRY_AFTER_UNKNOWN_SECONDS;
}

/** Names the invalid fields but not their values. */
function faultsOf(error: z.ZodError): Error {
  return new Error(error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; '));
}
