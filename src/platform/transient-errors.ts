import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/** Passes by itself: a step is retried for a day, and a request is answered with 503. */
export class TransientError extends Error {}

const ON_THE_WAY = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  ...['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'NetworkingError', 'CredentialsProviderError'],
]);

/** AWS sends these with status 400, so only the name shows that a retry helps. */
const LATER = new Set([
  ...['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'ThrottledException'],
  ...['TooManyRequestsException', 'TransactionConflictException', 'TransactionInProgressException', 'LimitExceededException'],
  ...['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'],
]);

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
const MAX_CAUSES = 10;

/** Whether an error or one of its causes passes by itself: an outage, a rate limit, a conflict with another writer. */
export function isTransient(error: unknown): boolean {
  let at = error;
  for (let causes = 0; at instanceof Error && causes < MAX_CAUSES; causes += 1) {
    if (passes(at)) return true;
    at = at.cause;
  }
  return false;
}

function passes(error: Error): boolean {
  return error instanceof TransientError || isOnTheWay(error) || isLater(error);
}

function isOnTheWay(error: Error): boolean {
  return ON_THE_WAY.has(error.name) || ('code' in error && typeof error.code === 'string' && ON_THE_WAY.has(error.code));
}

function isLater(error: Error): boolean {
  if (LATER.has(error.name) || ('$retryable' in error && error.$retryable !== undefined)) return true;
  if (error instanceof TransactionCanceledException) return (error.CancellationReasons ?? []).some(({ Code }) => LATER.has(Code ?? ''));
  const status = statusOf(error);
  return status === TOO_MANY_REQUESTS || status >= SERVER_ERROR;
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}
