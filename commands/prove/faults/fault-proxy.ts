import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type AwsEndpointOptions, type AwsRequest, answer, isForDynamoDb } from '../../../local/aws-endpoint.ts';
import { invocationOf } from '../../../local/functions/trace.ts';
import { datedBy, type HttpListener, type HttpReply, openHttpServer, readBody, sendReply } from '../../../local/http-server.ts';
import type { Asked, Watch } from '../recorder.ts';
import type { Sandbox, Sandboxes } from '../sandboxes.ts';
import { errorsFor } from './error-answers.ts';
import { ANSWERED, type FaultKind, NOTHING_DONE } from './fault-kinds.ts';
import type { ReadRequest } from './read-request.ts';
import { parseRequest } from './seams.ts';
import { isForTotogi } from './totogi-request.ts';

export type FaultSource = (read: ReadRequest, sandbox: Sandbox) => FaultKind | undefined;

/** An error of a stand-in: it changes a request before it is executed, and the proof must notice. */
export type Mutation = (request: AwsRequest, read: ReadRequest) => AwsRequest;

export type FaultProxy = {
  url: string;
  /** The address of SNS and SES. */
  carriersUrl: string;
  totogiUrl: string;
  /** Requests wait until this is called. */
  serve(behind: Behind): void;
  /** Opens or closes the port of SNS and SES. */
  reachCarriers(reachable: boolean): Promise<void>;
  close(): Promise<void>;
};

/** `now` is the clock of all of them. */
export type Behind = { aws: AwsEndpointOptions; totogiPort: number; now: () => number };

export type FaultProxyOptions = {
  sandboxes: Sandboxes;
  watch: Watch;
  nextFault: FaultSource;
  mutation: Mutation | undefined;
  /** Delivers the run's notification again, and resolves when the consumer tries to record it. */
  redeliver: (arn: string) => Promise<void>;
};

const SLOW_MILLISECONDS = 400;
/** The path of Totogi on the local service. */
const TOTOGI_PATH = '/local/totogi';
/** The caller of requests that do not come from a run. */
const WHO: Record<string, string> = { 'consume-notifications': 'consume', 'offer-pages': 'page', 'take-sms-replies': 'replies' };
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
type Passage = Asked & { response: ServerResponse };

/**
 * A proxy between the functions and every AWS service that they call, which adds the faults that can hit any request. It has no switch
 * inside the functions: they run as deployed, and see only what AWS or the network would show them.
 */
export async function openFaultProxy({ sandboxes, watch, nextFault, mutation, redeliver }: FaultProxyOptions): Promise<FaultProxy> {
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  let carriers = await openHttpServer({ port: 0, variable: 'PORT' });
  const { promise: serving, resolve: serve } = Promise.withResolvers<Behind>();
  const listener: HttpListener = async (incoming, response) => {
    const behind = await serving;
    return datedBy(behind.now, () => take(behind, incoming, response))(incoming, response);
  };
  server.serve(listener);
  carriers.serve(listener);
  const agent = new Agent({ keepAlive: true });

  async function perform(behind: Behind, asked: Asked): Promise<HttpReply> {
    const { request, read } = asked;
    const reply = await askBehind(behind, mutation === undefined ? request : mutation(request, read));
    watch.done(asked, reply);
    return reply;
  }

  function askBehind({ aws, totogiPort }: Behind, asked: AwsRequest): Promise<HttpReply> {
    if (isForTotogi(asked.url)) return forward({ ...asked, url: `${TOTOGI_PATH}${asked.url}` }, totogiPort, agent);
    return isForDynamoDb(asked.headers) ? forward(asked, aws.dynamoDbPort, agent) : answer(asked, aws);
  }

  async function pass(behind: Behind, passage: Passage): Promise<void> {
    const { read, sandbox, response } = passage;
    const fault = nextFault(read, sandbox);
    if (fault !== undefined) watch.hit(fault, sandbox, read);
    await delayBy(fault, sandbox);
    const reply = NOTHING_DONE.has(fault) ? undefined : await perform(behind, passage);
    await killBy(fault, sandbox);
    if (sandbox.isDead) response.destroy();
    else if (reply !== undefined && ANSWERED.has(fault)) answerAsGiven(passage, reply);
    else if (fault !== undefined) spoil(response, fault, errorsFor(read));
  }

  async function delayBy(fault: FaultKind | undefined, sandbox: Sandbox): Promise<void> {
    if (fault === 'slow') await pause(SLOW_MILLISECONDS);
    if (fault === 'redelivered') await redeliver(sandbox.arn ?? '');
  }

  async function killBy(fault: FaultKind | undefined, sandbox: Sandbox): Promise<void> {
    if (fault === 'all killed') await sandboxes.crash();
    if (fault === 'killed before' || fault === 'killed after') sandboxes.kill(sandbox);
  }

  function answerAsGiven({ read, response }: Passage, reply: HttpReply): void {
    watch.answered(read);
    sendReply(response, reply);
  }

  async function take(behind: Behind, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const sandbox = sandboxes.find(invocationOf(incoming.headers));
    // A request of a dead sandbox was never sent.
    if (sandbox === undefined || sandbox.isDead) return void incoming.socket.destroy();
    const request = await toRequest(incoming);
    const who = sandbox.arn !== undefined ? 'workflow' : (WHO[sandbox.functionKey] ?? 'receipts');
    try {
      const read = parseRequest(request, who);
      await pass(behind, { request, read, sandbox, response, claim: watch.asked(read, sandbox) });
    } catch (error) {
      watch.broke(error);
      throw error;
    }
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    carriersUrl: `http://127.0.0.1:${carriers.port}`,
    totogiUrl: `http://127.0.0.1:${server.port}`,
    serve,
    async reachCarriers(reachable) {
      const { port } = carriers;
      await carriers.close();
      if (!reachable) return;
      carriers = await openHttpServer({ port, variable: 'PORT' });
      carriers.serve(listener);
    },
    async close() {
      agent.destroy();
      await Promise.all([server.close(), carriers.close()]);
    },
  };
}

/** Replaces the answer by the fault's. Without an answer, the client runs into its own timeout. */
function spoil(response: ServerResponse, fault: FaultKind, errors: ReturnType<typeof errorsFor>): void {
  if (fault.startsWith('cut off')) response.destroy();
  else if (!fault.startsWith('no answer')) sendReply(response, fault === 'throttled' ? errors.throttled : errors.error);
}

async function toRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, url, headers, body: await readBody(incoming, BODY_LIMIT_BYTES) };
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
