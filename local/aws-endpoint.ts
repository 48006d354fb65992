import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { LambdaReply, LambdaRequest } from './durable/lambda-api.ts';
import type { PutEventsReply } from './event-bus/put-events.ts';
import { BodyTooLarge, type HttpListener, type HttpReply, jsonReply, readBody, sendReply } from './http-server.ts';
import { queryError } from './outbox/sns.ts';
import type { Sqs } from './queue/sqs.ts';

export type AwsEndpointOptions = {
  putEvents: (body: unknown, caller: { accessKeyId: string | undefined }) => PutEventsReply;
  lambda: (request: LambdaRequest) => Promise<LambdaReply | undefined>;
  sns: (form: URLSearchParams) => HttpReply | undefined;
  ses: (form: URLSearchParams) => Promise<HttpReply | undefined>;
  sqs: Sqs;
  dynamoDbPort: number;
};

const SQS = 'AmazonSQS.';

/** Above Lambda's 6 MB for a payload; DynamoDB's requests are passed on unread. */
const bodyLimitBytes = 8 * 1024 * 1024;

const supported =
  'EventBridge PutEvents, DynamoDB, Lambda (Invoke and durable executions), SQS, SNS Publish to a phone number and SES SendRawEmail';

/** One address for all AWS services that the local service stands in for: tells them apart as AWS's SDKs sign their requests. */
export function createAwsEndpoint(options: AwsEndpointOptions): HttpListener {
  const dynamoDbAgent = new Agent({ keepAlive: true });
  return async (request, response) => {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string' && target.startsWith('DynamoDB_')) {
      await passOn(request, response, { port: options.dynamoDbPort, agent: dynamoDbAgent });
      return;
    }
    sendReply(response, await answer(request, target, options).catch(tooLarge));
  };
}

async function answer(request: IncomingMessage, target: unknown, options: AwsEndpointOptions): Promise<HttpReply> {
  const body = (await readBody(request, bodyLimitBytes)).toString('utf8');
  if (target === 'AWSEvents.PutEvents') return putEvents(request, body, options);
  if (typeof target === 'string' && target.startsWith(SQS)) return options.sqs(target.slice(SQS.length), parseJson(body)?.value);
  if (typeof target === 'string') return jsonError('UnknownOperationException', `${target} is not served here; there are ${supported}.`);
  if (isForm(request)) return form(body, options);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const reply = await options.lambda({ method: request.method ?? 'GET', path: pathname, query: searchParams, headers, body });
  return reply ?? jsonError('UnknownOperationException', `${request.method} ${pathname} is not served here; there are ${supported}.`, 404);
}

function putEvents(request: IncomingMessage, body: string, options: AwsEndpointOptions): HttpReply {
  const parsed = parseJson(body);
  if (parsed === undefined) return jsonError('SerializationException', 'The body is not JSON.');
  const reply = options.putEvents(parsed.value, { accessKeyId: accessKeyIdOf(request.headers.authorization) });
  return jsonReply(reply.status, reply.body, 'application/x-amz-json-1.1');
}

async function form(body: string, options: AwsEndpointOptions): Promise<HttpReply> {
  const fields = new URLSearchParams(body);
  const reply = options.sns(fields) ?? (await options.ses(fields));
  return reply ?? queryError('InvalidAction', `The action ${fields.get('Action') ?? ''} is not served here; there are ${supported}.`);
}

function isForm(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

/** `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/…`; the signature is not checked, any credentials will do. */
function accessKeyIdOf(authorization: string | undefined): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function jsonError(code: string, message: string, status = 400): HttpReply {
  const reply = jsonReply(status, { __type: code, message }, 'application/x-amz-json-1.1');
  return { ...reply, headers: { ...reply.headers, 'x-amzn-errortype': code } };
}

function tooLarge(error: unknown): HttpReply {
  if (error instanceof BodyTooLarge) return jsonError('RequestEntityTooLargeException', error.message, 413);
  throw error;
}

/** Streams a request to the local DynamoDB and its reply back. */
async function passOn(request: IncomingMessage, response: ServerResponse, to: { port: number; agent: Agent }): Promise<void> {
  const { method, url, headers } = request;
  const onward = httpRequest({ host: '127.0.0.1', port: to.port, agent: to.agent, method, path: url, headers });
  const { promise: replied, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  onward.once('response', resolve).once('error', reject);
  const [reply] = await Promise.all([replied, pipeline(request, onward)]);
  response.writeHead(reply.statusCode ?? 502, reply.headers);
  await pipeline(reply, response);
}
