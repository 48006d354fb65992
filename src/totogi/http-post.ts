import type { MayReach } from '../platform/totogi-hosts.ts';
import { isTotogiFailure, TotogiNotDone, TotogiOutcomeUnknown, TotogiRateLimited, TotogiUnanswered } from './failures.ts';
import { secondsUntil } from './outcome.ts';

/** The request cannot have reached Totogi. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;
/** A proxy gave up waiting; Totogi may still be working. */
const TIMEOUTS = new Set([408, 504]);

export type Post = { operation: string; url: string; headers: Record<string, string>; body: string; deadlineMilliseconds: number };

export type PostLimits = { now: () => number; mayReach: MayReach };

/** A deliberate answer: JSON, or a rejected token. */
export type PostReply = { unauthorized: true } | { unauthorized: false; json: unknown };

/**
 * Posts once and parses the JSON reply, both within the deadline. Redirects fail.
 *
 * @param limits.now milliseconds since the epoch, for a `Retry-After` that is a time.
 * @param limits.mayReach decides which addresses may receive requests.
 * @throws TotogiNotDone, TotogiRateLimited, TotogiOutcomeUnknown or TotogiUnanswered.
 */
export async function post({ operation, url, headers, body, deadlineMilliseconds }: Post, limits: PostLimits): Promise<PostReply> {
  if (!limits.mayReach(url)) throw new TotogiNotDone(operation, 'address not listed');
  const signal = AbortSignal.timeout(deadlineMilliseconds);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    if (response.ok) return { unauthorized: false, json: await response.json() };
    // An unread body keeps its connection open.
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

/** `fetch` wraps the connection's error, twice when several addresses failed. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
