import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type AwsEndpointOptions, answer, isForDynamoDb } from '../../local/aws-endpoint.ts';
import { type AwsRequest, datedBy, type HttpReply, openHttpServer, readBody } from '../../local/http-server.ts';
import { isForTotogi } from './aws-call.ts';

/** The stand-ins that requests are for. `totogiPort` is that of the API, which has the local Totogi; `now` is the clock of all of them. */
export type Behind = { aws: AwsEndpointOptions; totogiPort: number; now: () => number };

/** Has the request executed, and returns the stand-in's own answer. */
export type Execute = (request: AwsRequest) => Promise<HttpReply>;

/** Decides what becomes of a request, and answers it. */
export type Hook = (request: AwsRequest, execute: Execute, response: ServerResponse) => Promise<void>;

export type AwsProxy = {
  port: number;
  url: string;
  /** Requests wait until this is called. */
  serve(behind: Behind): void;
  close(): Promise<void>;
};

const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** The path of Totogi on the local service. */
const TOTOGI_PATH = '/local/totogi';

/**
 * A proxy between the functions and every service that they call. It has no switch inside the functions: they run as deployed, and see only
 * what AWS or the network would show them.
 */
export async function openAwsProxy(hook: Hook, port = 0): Promise<AwsProxy> {
  const server = await openHttpServer({ port, variable: 'PORT' });
  const agent = new Agent({ keepAlive: true });
  return {
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    serve({ aws, totogiPort, now }) {
      const execute: Execute = (request) => {
        if (isForTotogi(request.url)) return forward({ ...request, url: `${TOTOGI_PATH}${request.url}` }, totogiPort, agent);
        return isForDynamoDb(request.headers) ? forward(request, aws.dynamoDbPort, agent) : answer(request, aws);
      };
      const listener = datedBy(now, async (incoming, response) => {
        const { method = 'GET', url = '/', headers } = incoming;
        await hook({ method, url, headers, body: await readBody(incoming, BODY_LIMIT_BYTES) }, execute, response);
      });
      server.serve(listener);
    },
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

/** A request on a connection that the database closed while idle was not executed: it is sent again on a new one. */
async function forward(request: AwsRequest, port: number, agent: Agent): Promise<HttpReply> {
  const { method, url, headers, body } = request;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const onward = httpRequest({ host: '127.0.0.1', port, agent, method, path: url, headers: { ...headers, 'content-length': body.length } });
  onward.once('response', resolve).once('error', reject).end(body);
  const reply = await promise.catch((error: NodeJS.ErrnoException) => {
    if (onward.reusedSocket && error.code === 'ECONNRESET') return undefined;
    throw error;
  });
  if (reply === undefined) return forward(request, port, agent);
  const type = reply.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const checksum = reply.headers['x-amz-crc32'];
  const passed = { 'content-type': type, ...(typeof checksum === 'string' ? { 'x-amz-crc32': checksum } : {}) };
  return { status: reply.statusCode ?? 502, headers: passed, body: await buffer(reply) };
}
