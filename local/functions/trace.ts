import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';

/** The header that names the invocation a request comes from, as with Lambda's tracing. */
export const traceHeader = 'x-amzn-trace-id';

const invocations = new AsyncLocalStorage<string>();

/** Runs an invocation so that every HTTP request it makes carries its id: whoever stands in for AWS can tell whose request it is. */
export function traced<Result>(requestId: string, run: () => Result): Result {
  return invocations.run(requestId, run);
}

/** Begins to mark the requests of this thread: those of AWS's SDKs, and those of `fetch`. */
export function markRequests(): void {
  subscribe('http.client.request.created', (message) => {
    const requestId = invocations.getStore();
    const { request } = message as { request?: unknown };
    if (requestId !== undefined && request instanceof ClientRequest) request.setHeader(traceHeader, `Root=${requestId}`);
  });
  subscribe('undici:request:create', (message) => {
    const requestId = invocations.getStore();
    const { request } = message as { request?: { addHeader?: (name: string, value: string) => void } };
    if (requestId !== undefined) request?.addHeader?.(traceHeader, `Root=${requestId}`);
  });
}

/** The invocation that a request comes from, if it says so. */
export function invocationOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[traceHeader];
  return typeof header === 'string' ? /^Root=([^;]+)/.exec(header)?.[1] : undefined;
}
