import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { LambdaReply, LambdaRequest } from './durable/lambda-api.ts';
import type { PutEventsReply } from './event-bus/put-events.ts';
import { denyingForeign } from './foreign-requests.ts';
import { type AwsRequest, BodyTooLarge, type HttpListener, type HttpReply, jsonReply, readBody, sendReply } from './http-server.ts';
import type { Permits } from './iam/permits.ts';
import type { Sts } from './iam/sts.ts';
import { queryError } from './outbox/sns.ts';
import type { Sqs } from './queue/sqs.ts';
import { getSecretValue, getSecretValueTarget } from './totogi/secrets-manager.ts';

export type AwsEndpointOptions = {
  putEvents: (body: unknown, caller: { accessKeyId: string | undefined }) => PutEventsReply;
  lambda: (request: LambdaRequest) => Promise<LambdaReply | undefined>;
  sns: (form: URLSearchParams) => HttpReply | undefined;
  ses: (form: URLSearchParams) => Promise<HttpReply | undefined>;
  sqs: Sqs;
  sts: Sts;
  /** Checks the caller's role; without it everything is allowed. */
  permits?: Permits;
  dynamoDbPort: number;
};

const SQS = 'AmazonSQS.';

/** Above Lambda's 6 MB for a payload. Requests to DynamoDB are streamed without a limit. */
const bodyLimitBytes = 8 * 1024 * 1024;

const supported =
  'EventBridge PutEvents, DynamoDB, Lambda (Invoke and durable executions), SQS, SNS Publish to a phone number, SES SendRawEmail, STS AssumeRole and Secrets Manager GetSecretValue';

/** One address for all emulated AWS services, told apart by headers and form fields. */
export function createAwsEndpoint(options: AwsEndpointOptions): HttpListener {
  const dynamoDbAgent = new Agent({ keepAlive: true });
  return denyingForeign(async (request, response) => {
    if (isForDynamoDb(request.headers)) {
      await passOn(request, response, { port: options.dynamoDbPort, agent: dynamoDbAgent });
      return;
    }
    const { method = 'GET', url = '/', headers } = request;
    const answered = readBody(request, bodyLimitBytes).then((body) => answer({ method, url, headers, body }, options));
    sendReply(response, await answered.catch(tooLarge));
  });
}

export function isForDynamoDb(headers: IncomingHttpHeaders): boolean {
  const target = headers['x-amz-target'];
  return typeof target === 'string' && target.startsWith('DynamoDB_');
}

export async function answer(request: AwsRequest, options: AwsEndpointOptions): Promise<HttpReply> {
  const { method, url, headers, body } = request;
  if (options.permits?.(request) === false) return notPermitted(headers);
  const target = headers['x-amz-target'];
  const text = body.toString('utf8');
  if (target === 'AWSEvents.PutEvents') return putEvents(headers, text, options);
  if (typeof target === 'string' && target.startsWith(SQS)) return options.sqs(target.slice(SQS.length), parseJson(text)?.value);
  if (target === getSecretValueTarget) return getSecretValue(parseJson(text)?.value);
  if (typeof target === 'string') return jsonError('UnknownOperationException', `${target} is not served here; there are ${supported}.`);
  if (isForm(headers)) return form(text, headers, options);
  const { pathname, searchParams } = parseUrl(url);
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const reply = await options.lambda({ method, path: pathname, query: searchParams, headers: named, body: text });
  return reply ?? jsonError('UnknownOperationException', `${method} ${pathname} is not served here; there are ${supported}.`, 404);
}

/** Without the prefix, a path that starts with two slashes, or an absolute URL, would parse as another host. */
function parseUrl(url: string): URL {
  const path = url.startsWith('/') ? url : `/${url}`;
  return new URL(`http://localhost${path}`);
}

function putEvents(headers: IncomingHttpHeaders, body: string, options: AwsEndpointOptions): HttpReply {
  const parsed = parseJson(body);
  if (parsed === undefined) return jsonError('SerializationException', 'The body is not JSON.');
  const reply = options.putEvents(parsed.value, { accessKeyId: accessKeyIdOf(headers.authorization) });
  return jsonReply(reply.status, reply.body, 'application/x-amz-json-1.1');
}

async function form(body: string, headers: IncomingHttpHeaders, options: AwsEndpointOptions): Promise<HttpReply> {
  const fields = new URLSearchParams(body);
  const reply = options.sns(fields) ?? options.sts(fields, headers) ?? (await options.ses(fields));
  return reply ?? queryError('InvalidAction', `The action ${fields.get('Action') ?? ''} is not served here; there are ${supported}.`);
}

function notPermitted(headers: IncomingHttpHeaders): HttpReply {
  const message = 'The role of this session or function does not allow it.';
  return isForm(headers) ? queryError('AccessDenied', message) : jsonError('AccessDeniedException', message);
}

function isForm(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

/** Parses `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/…`. The signature is not checked: any credentials work. */
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

async function passOn(request: IncomingMessage, response: ServerResponse, to: { port: number; agent: Agent }): Promise<void> {
  const { method, url, headers } = request;
  const onward = httpRequest({ host: '127.0.0.1', port: to.port, agent: to.agent, method, path: url, headers });
  const { promise: replied, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  onward.once('response', resolve).once('error', reject);
  const [reply] = await Promise.all([replied, pipeline(request, onward)]);
  response.writeHead(reply.statusCode ?? 502, reply.headers);
  await pipeline(reply, response);
}
