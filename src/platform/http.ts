import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createLogger, describeError } from './log.ts';
import { HttpProblem } from './problem.ts';
import { isTransient } from './transient-errors.ts';

/** `claims` are those of a verified token; empty on public routes. */
export type HttpRequest = {
  method: string;
  path: string;
  routeKey: string;
  pathParameters: Record<string, string>;
  query: Record<string, string | string[]>;
  claims: Record<string, unknown>;
  headers: Record<string, string>;
  body: string | undefined;
};

/** `body` is text and gets a content type; `base64Body` is for bytes. */
export type HttpReply = { status?: number; headers?: Record<string, string>; body?: string; base64Body?: string };

type GatewayEvent = APIGatewayProxyEventV2 & { requestContext: { authorizer?: { jwt?: { claims?: Record<string, unknown> } } } };

const RETRY_AFTER_SECONDS = '2';

/** Replies are not cached unless a handler allows it. */
const PRIVATE = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/**
 * Wraps every function behind the HTTP API. The only place that turns errors into problem replies. Log lines contain the route, never the
 * path, which has account ids.
 */
export function httpHandler(name: string, handle: (request: HttpRequest) => Promise<HttpReply>) {
  const logger = createLogger(name);
  const handleRequest = async (event: GatewayEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      return toGateway(await handle(parseRequest(event)));
    } catch (error) {
      const { requestId = context.awsRequestId } = event.requestContext;
      return problemReply(asProblem(error, logger, { requestId, route: event.routeKey }), requestId);
    }
  };
  return middy<GatewayEvent, APIGatewayProxyStructuredResultV2>().use(injectLambdaContext(logger)).handler(handleRequest);
}

function toGateway({ status = 200, headers = {}, body, base64Body }: HttpReply): APIGatewayProxyStructuredResultV2 {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = base64Body === undefined ? { body } : { body: base64Body, isBase64Encoded: true };
  return { statusCode: status, headers: { ...type, ...PRIVATE, ...headers }, ...(sent.body === undefined ? {} : sent) };
}

function parseRequest(event: GatewayEvent): HttpRequest {
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    routeKey: event.routeKey,
    pathParameters: onlyText(event.pathParameters),
    query: parseQuery(event),
    claims: event.requestContext.authorizer?.jwt?.claims ?? {},
    headers: Object.fromEntries(Object.entries(onlyText(event.headers)).map(([name, value]) => [name.toLowerCase(), value])),
    body: event.body !== undefined && event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body,
  };
}

/** The gateway joins repeated values by commas, which a value may also contain, so the raw query is parsed. */
function parseQuery({ rawQueryString, queryStringParameters }: GatewayEvent): HttpRequest['query'] {
  if (!rawQueryString) return onlyText(queryStringParameters);
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return Object.fromEntries([...query].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

function onlyText(values: Record<string, string | undefined> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The gateway's request id is in every reply and in the access log, and connects both to this log line. */
function asProblem(error: unknown, logger: Logger, request: { requestId: string; route: string }): HttpProblem {
  if (error instanceof HttpProblem) return error;
  logger.error('a request failed', { ...request, error: describeError(error) });
  if (isTransient(error)) {
    return new HttpProblem(503, 'The data store is temporarily unavailable. Retry shortly.', {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    });
  }
  return new HttpProblem(500, 'Internal error. Quote the request ID when you contact support.');
}

function problemReply(problem: HttpProblem, requestId: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...PRIVATE, ...problem.headers },
    body: JSON.stringify(problem.body(requestId)),
  };
}
