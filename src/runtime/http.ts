import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { HttpProblem } from '../schemas/problem.ts';
import { createLogger, describeError } from './log.ts';

/** A request as the HTTP API hands it over. `claims` are those of a verified token; there are none on public routes. */
export type HttpRequest = {
  method: string;
  path: string;
  routeKey: string;
  pathParameters: Record<string, string>;
  /** All values of a parameter that is given several times. */
  query: Record<string, string | string[]>;
  claims: Record<string, unknown>;
  headers: Record<string, string>;
  body: string | undefined;
};

/** Without a body it has no content type either. A body of bytes is `base64Body`. */
export type HttpReply = { status?: number; headers?: Record<string, string>; body?: string; base64Body?: string };

type GatewayEvent = APIGatewayProxyEventV2 & { requestContext: { authorizer?: { jwt?: { claims?: Record<string, unknown> } } } };

/** Failures of what we call that pass by themselves. */
const PASSING = /Throttl|ProvisionedThroughput|RequestLimit|Timeout|ECONN|ServiceUnavailable|InternalServerError|Contended/;
const RETRY_AFTER_SECONDS = '2';

/** What is not said to be anybody's to keep is one caller's alone. */
const PRIVATE = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/**
 * The wrapper of every function behind the HTTP API: errors become problem replies here and nowhere else. A log line carries the
 * route, never the path, which holds account ids.
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

/** The gateway joins the values of a repeated parameter by commas, which a value may hold too: its raw query tells them apart. */
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

/** The gateway's request id is on every reply and in the access log: the line with it says which invocation it was. */
function asProblem(error: unknown, logger: Logger, request: { requestId: string; route: string }): HttpProblem {
  if (error instanceof HttpProblem) return error;
  logger.error('a request failed', { ...request, error: describeError(error) });
  const { name, code } = error instanceof Error ? (error as Error & { code?: string }) : { name: '', code: '' };
  if (PASSING.test(`${name} ${code}`)) {
    return new HttpProblem(503, 'The store does not answer at present. Try again shortly.', {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    });
  }
  return new HttpProblem(500, 'Something went wrong on our side. The request id finds it in the logs.');
}

function problemReply(problem: HttpProblem, requestId: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...PRIVATE, ...problem.headers },
    body: JSON.stringify(problem.body(requestId)),
  };
}
