import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';

/** Names the invocation that sent a request, as in Lambda's tracing. */
export const traceHeader = 'x-amzn-trace-id';

/** Without `functionKey` the IAM emulator applies no function's role. */
type Invocation = { requestId: string; functionKey?: string | undefined };

const invocations = new AsyncLocalStorage<Invocation>();

/** Adds the invocation's id to every HTTP request within `run`, so that the emulators know the sender. */
export function traced<Result>(requestId: string, run: () => Result, functionKey?: string): Result {
  return invocations.run({ requestId, functionKey }, run);
}

/** Covers the AWS SDKs and `fetch`. */
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

export function invocationOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[traceHeader];
  return typeof header === 'string' ? /^Root=([^;]+)/.exec(header)?.[1] : undefined;
}

export function functionOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[traceHeader];
  return typeof header === 'string' ? /;Function=([^;]+)/.exec(header)?.[1] : undefined;
}
