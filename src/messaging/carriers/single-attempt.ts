import { awsLimits } from '../../platform/aws-client.ts';
import type { SendReason, SendResult } from '../../schemas/message/message.ts';

/**
 * SNS and SES have no idempotency token, so the SDK must not retry. Each request uses a new connection: a kept one may have been closed
 * remotely, above all while the sandbox was frozen, and a request on it fails with an unknown outcome.
 */
export const SINGLE_ATTEMPT = awsLimits({ connect: 2_000, request: 10_000, attempts: 1, keepAlive: false });

/** The request cannot have reached the carrier. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The SDK's message for a connection timeout; its other timeouts have the same error name. */
const NO_CONNECTION_IN_TIME = /did not establish a connection/;
/** The SDK has no credentials, so it sends nothing. */
const NEVER_SIGNED = 'CredentialsProviderError';
const REQUEST_TIMEOUT_STATUS = 408;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;
const TOO_MANY_REQUESTS_STATUS = 429;

/** After `throttled` and `unreachable` nothing was sent, and a retry is safe. */
export type AttemptResult = SendResult | { outcome: 'throttled'; reason: string } | { outcome: 'unreachable'; reason: string };

/**
 * Makes the one attempt. Never throws, because every answer must be recorded: a rejection is `failed`, throttling and a failed connection
 * allow a retry, and everything else is `unknown`, because it may have been sent.
 *
 * The reason is the error's name only: its message may contain the number or address.
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
