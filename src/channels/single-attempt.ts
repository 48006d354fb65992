import type { SendReason, SendResult } from '../schemas/message.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 2_000;
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/**
 * Neither SNS nor SES knows an idempotency token: a request is made once and never repeated by the SDK. Each goes over a connection of its
 * own: one that was kept may have been closed from the other side, above all while the sandbox was frozen, and a request on it breaks off
 * without anybody knowing whether it went.
 */
export const SINGLE_ATTEMPT = {
  maxAttempts: 1,
  requestHandler: {
    httpAgent: { keepAlive: false },
    httpsAgent: { keepAlive: false },
    connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    throwOnRequestTimeout: true,
  },
};

/** Failures in which no request can have reached the carrier. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The SDK's words for the same where the carrier's address does not answer at all; its other timeouts have the same name. */
const NO_CONNECTION_IN_TIME = /did not establish a connection/;
/** Without credentials the SDK signs nothing and sends nothing. */
const NEVER_SIGNED = 'CredentialsProviderError';
const REQUEST_TIMEOUT_STATUS = 408;
/** How SNS and SES say that they take no more at the moment, and that this request was not taken. */
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;
const TOO_MANY_REQUESTS_STATUS = 429;

/** What came of one attempt: after `throttled` and `unreachable` nothing went out, and it may be tried again later. */
export type AttemptResult = SendResult | { outcome: 'throttled'; reason: string } | { outcome: 'unreachable'; reason: string };

/**
 * Makes the one attempt. Every answer of a carrier is one that has to be recorded, so none is thrown: a refusal is a failure, in which
 * nothing went out; one for coming too fast, and a connection that never was, may be tried again. Everything else may have gone out and is
 * unknown.
 *
 * The reason is the error's name alone: its message may hold the number or address.
 */
export async function attempt(send: () => Promise<{ MessageId?: string | undefined }>): Promise<AttemptResult> {
  try {
    const { MessageId } = await send();
    return MessageId
      ? { outcome: 'accepted', providerMessageId: MessageId }
      : { outcome: 'unknown', reason: 'no-message-id' satisfies SendReason };
  } catch (error) {
    return resultOf(error);
  }
}

function resultOf(error: unknown): AttemptResult {
  const { name, code, status, message } = parseError(error);
  if (code !== undefined && NEVER_CONNECTED.has(code)) return { outcome: 'unreachable', reason: code };
  if (NO_CONNECTION_IN_TIME.test(message)) return { outcome: 'unreachable', reason: name };
  const rejected = status !== undefined && status >= 400 && status < 500 && status !== REQUEST_TIMEOUT_STATUS;
  if (rejected && (THROTTLED.test(name) || status === TOO_MANY_REQUESTS_STATUS)) return { outcome: 'throttled', reason: name };
  return { outcome: rejected || name === NEVER_SIGNED ? 'failed' : 'unknown', reason: name };
}

function parseError(error: unknown): { name: string; message: string; code: string | undefined; status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: '', code: undefined, status: undefined };
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined, status: $metadata?.httpStatusCode };
}
