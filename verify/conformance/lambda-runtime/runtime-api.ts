import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { InvocationOutcome } from '../../../local/functions/invocation.ts';

/** A queued or running invocation. */
type Invocation = { requestId: string; event: unknown; sentAt: number; settle(outcome: TimedOutcome): void };
export type TimedOutcome = { outcome: InvocationOutcome; milliseconds: number };

export type RuntimeApi = {
  /** For AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Resolves when the runtime asks for its first event; rejects when it reports an init error. */
  ready: Promise<void>;
  /** Waits until the runtime is free. */
  invoke(event: unknown, requestId: string): Promise<TimedOutcome>;
  close(): Promise<void>;
};

const path = /^\/2018-06-01\/runtime\/(?:invocation\/(?<next>next)|invocation\/(?<id>[^/]+)\/(?<end>response|error)|init\/(?<init>error))$/;

/**
 * The Runtime API for a runtime client: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * @param functionArn goes with each event; `timeoutMilliseconds` sets its deadline.
 */
export async function openRuntimeApi({
  functionArn,
  timeoutMilliseconds,
}: {
  functionArn: string;
  timeoutMilliseconds: number;
}): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const underWay = new Map<string, Invocation>();
  const started = Promise.withResolvers<void>();
  let asking: ServerResponse | undefined;

  function deliver(): void {
    const invocation = asking && queue.shift();
    if (!asking || !invocation) return;
    const response = asking;
    asking = undefined;
    invocation.sentAt = performance.now();
    underWay.set(invocation.requestId, invocation);
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMilliseconds),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    response.end(JSON.stringify(invocation.event));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { next, id = '', end, init } = path.exec(request.url ?? '')?.groups ?? {};
    if (next !== undefined) {
      started.resolve();
      asking = response;
      deliver();
      return;
    }
    const body = await text(request);
    const invocation = underWay.get(id);
    if (init !== undefined) started.reject(new Error(`The runtime could not begin: ${body}`));
    else if (!invocation) throw new Error(`The runtime asked for ${request.url}, which nobody expected.`);
    underWay.delete(id);
    invocation?.settle({
      outcome: end === 'response' ? { ok: true, payload: JSON.parse(body || 'null') } : failure(body),
      milliseconds: performance.now() - invocation.sentAt,
    });
    response.writeHead(202).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: started.promise,
    invoke: (event, requestId) =>
      new Promise((settle) => {
        queue.push({ requestId, event, sentAt: 0, settle });
        deliver();
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function failure(body: string): InvocationOutcome {
  const { errorType = 'Error', errorMessage = '' } = JSON.parse(body || '{}');
  return { ok: false, errorType, errorMessage };
}
