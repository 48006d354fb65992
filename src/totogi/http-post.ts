import type { MayReach } from '../schemas/totogi-hosts.ts';
import { isTotogiFailure, TotogiNotDone, TotogiOutcomeUnknown, TotogiRateLimited, TotogiUnanswered } from './failures.ts';
import { secondsUntil } from './outcome.ts';

/** Failures in which no request can have reached Totogi. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;
/** Somebody on the way gave up waiting; who was waited for may be at work yet. */
const TIMEOUTS = new Set([408, 504]);

export type Post = { operation: string; url: string; headers: Record<string, string>; body: string; deadlineMilliseconds: number };

export type PostLimits = { now: () => number; mayReach: MayReach };

/** An answer that the server made on purpose: JSON, or its refusal of the token. */
export type PostReply = { unauthorized: true } | { unauthorized: false; json: unknown };

/**
 * Posts once and reads the JSON that comes back, within a deadline that covers both.
 *
 * @param limits.now milliseconds since the epoch, for a limit that names a time.
 * @param limits.mayReach nothing is sent to any other address, nor where an answer would lead to.
 * @throws TotogiNotDone, TotogiRateLimited, TotogiOutcomeUnknown or TotogiUnanswered.
 */
export async function post({ operation, url, headers, body, deadlineMilliseconds }: Post, limits: PostLimits): Promise<PostReply> {
  if (!limits.mayReach(url)) throw new TotogiNotDone(operation, 'address not listed');
  const signal = AbortSignal.timeout(deadlineMilliseconds);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    if (response.ok) return { unauthorized: false, json: await response.json() };
    // What is not read keeps its connection.
    await response.body?.cancel();
    if (response.status === UNAUTHORIZED) return { unauthorized: true };
    throw failureOf(operation, response, limits.now());
  } catch (error) {
    throw isTotogiFailure(error) ? error : disconnected(operation, error);
  }
}

function failureOf(operation: string, { status, headers }: Response, now: number): Error {
  if (status === TOO_MANY_REQUESTS) return new TotogiRateLimited(operation, secondsUntil(headers.get('retry-after'), now));
  if (TIMEOUTS.has(status)) return new TotogiUnanswered(operation, `status ${status}`);
  const rejected = status >= 400 && status < 500;
  return rejected ? new TotogiNotDone(operation, `status ${status}`) : new TotogiOutcomeUnknown(operation, `status ${status}`);
}

function disconnected(operation: string, error: unknown): Error {
  if (error instanceof SyntaxError) return new TotogiOutcomeUnknown(operation, 'no JSON');
  const code = codeOf(error);
  if (code !== undefined && NEVER_CONNECTED.has(code)) return new TotogiNotDone(operation, code, { cause: error });
  const name = error instanceof Error ? error.name : 'unknown';
  return new TotogiUnanswered(operation, code ?? name, { cause: error });
}

/** `fetch` wraps what the connection said; several addresses that were all tried are wrapped once more. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
