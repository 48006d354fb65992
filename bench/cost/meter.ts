import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type AwsEndpointOptions, type AwsRequest, answer, isForDynamoDb } from '../../local/aws-endpoint.ts';
import type { LocalFunctions } from '../../local/functions/functions.ts';
import type { InvocationOutcome } from '../../local/functions/invocation.ts';
import { invocationOf } from '../../local/functions/trace.ts';
import { datedBy, type HttpListener, type HttpReply, openHttpServer, readBody, sendReply } from '../../local/http-server.ts';
import { askingWhatItConsumes, countConsumed, countRequest, isForTotogi } from './read-request.ts';
import { noUsage, type Usage } from './usage.ts';

/** A proxy between the functions and AWS that counts usage by function. */
export type Meter = {
  url: string;
  /** Counts the invocations of these functions, and attributes their requests. */
  around(functions: LocalFunctions): LocalFunctions;
  /** Requests wait until this is called. `totogiPort` is that of the API, which has the local Totogi; `now` is the service's clock. */
  serve(behind: { aws: AwsEndpointOptions; totogiPort: number; now: () => number }): void;
  /** Since the last `forget`. */
  usageOf(functionKey: string): Usage;
  forget(): void;
  atWork(): number;
  close(): Promise<void>;
};

const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

export async function openMeter(): Promise<Meter> {
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  const agent = new Agent({ keepAlive: true });
  const usages = new Map<string, Usage>();
  const keys = new Map<string, string>();

  function usageOf(key: string): Usage {
    const usage = usages.get(key) ?? noUsage();
    usages.set(key, usage);
    return usage;
  }

  async function invoke(functions: LocalFunctions, key: string, event: unknown): Promise<InvocationOutcome> {
    const requestId = randomUUID();
    keys.set(requestId, key);
    usageOf(key).invocations += 1;
    const outcome = await functions.invoke(key, event, requestId);
    if (outcome.ok && isRun(event)) usageOf(key).durableBytes += Buffer.byteLength(JSON.stringify(outcome.payload));
    keys.delete(requestId);
    return outcome;
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    around: (functions) => ({ ...functions, invoke: (key, event) => invoke(functions, key, event) }),
    serve({ aws, totogiPort, now }) {
      // If a client's clock differs from AWS's, it retries every refusal, which would count four times.
      const listener: HttpListener = async (incoming, response) => {
        const usage = usageOf(keys.get(invocationOf(incoming.headers) ?? '') ?? 'nobody');
        const request = await toRequest(incoming);
        countRequest(usage, request, usageOf);
        if (isForDynamoDb(request.headers)) {
          const reply = await forward(askingWhatItConsumes(request), aws.dynamoDbPort, agent);
          countConsumed(usage, request, reply.body.toString('utf8'));
          sendReply(response, reply);
        } else if (isForTotogi(request.url)) {
          sendReply(response, await forward({ ...request, url: `/local/totogi${request.url}` }, totogiPort, agent));
        } else sendReply(response, await answer(request, aws));
      };
      server.serve(datedBy(now, listener));
    },
    usageOf,
    forget: () => usages.clear(),
    atWork: () => keys.size,
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

function isRun(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'DurableExecutionArn' in event;
}

async function toRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, url, headers, body: await readBody(incoming, BODY_LIMIT_BYTES) };
}

async function forward({ method, url, headers, body }: AwsRequest, port: number, agent: Agent): Promise<HttpReply> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const onward = httpRequest({ host: '127.0.0.1', port, agent, method, path: url, headers: { ...headers, 'content-length': body.length } });
  onward.once('response', resolve).once('error', reject).end(body);
  const reply = await promise;
  const checksum = reply.headers['x-amz-crc32'];
  const passed = { 'content-type': String(reply.headers['content-type']), ...(checksum === undefined ? {} : { 'x-amz-crc32': checksum }) };
  return { status: reply.statusCode ?? 502, headers: passed, body: await buffer(reply) };
}
