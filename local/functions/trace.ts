import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';

/** The header that names the invocation a request comes from, as with Lambda's tracing. */
export const traceHeader = 'x-amzn-trace-id';

/** `functionKey` is told to the stand-ins of IAM only where a function has a role of its own. */
type Invocation = { requestId: string; functionKey?: string | undefined };

const invocations = new AsyncLocalStorage<Invocation>();

/** Runs an invocation so that every HTTP request it makes carries its id: whoever stands in for AWS can tell whose request it is. */
export function traced<Result>(requestId: string, run: () => Result, functionKey?: string): Result {
  return invocations.run({ requestId, functionKey }, run);
}

/** Begins to mark the requests of this thread: those of AWS's SDKs, and those of `fetch`. */
export function markRequests(): void {
  subscribe('http.client.request.created', (message) => {
    const invocation = invocations.getStore();
    const { request } = message as { request?: unknown };
    if (invocation !== undefined && request instanceof ClientRequest) request.setHeader(traceHeader, headerOf(invocation));
  });
  subscribe('undici:request:create', (message) => {
    const invocation = invocations.getStore();
    const { request } = message as { request?: { addHeader?: (name: string, value: string) => void } };
    if (invocation !== undefined) request?.addHeader?.(traceHeader, headerOf(invocation));
  });
}

function headerOf({ requestId, functionKey }: Invocation): string {
  return functionKey === undefined ? `Root=${requestId}` : `Root=${requestId};Function=${functionKey}`;
}

/** The invocation that a request comes from, if it says so. */
export function invocationOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[traceHeader];
  return typeof header === 'string' ? /^Root=([^;]+)/.exec(header)?.[1] : undefined;
}

/** The function that a request comes from, if it says so. */
export function functionOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[traceHeader];
  return typeof header === 'string' ? /;Function=([^;]+)/.exec(header)?.[1] : undefined;
}
