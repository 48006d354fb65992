import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Functions } from '../functions/invocation.ts';
import { BodyTooLarge, type HttpReply, jsonReply, readBody } from '../http-server.ts';
import type { PackagedRoute } from '../template/packaged-stack.ts';
import { answerPreflight, type CorsRules, corsHeaders } from './cors.ts';
import { type EventParts, fromFunctionReply, toHttpApiEvent } from './gateway-events.ts';
import { matchRoute } from './gateway-routes.ts';
import type { JwtAuthorizer, JwtIdentity } from './jwt-authorizer.ts';

export type ApiGatewayOptions = {
  routes: PackagedRoute[];
  functions: Functions;
  authorize: JwtAuthorizer;
  accountId: string;
  now: () => number;
  cors?: CorsRules | undefined;
  admits?: (routeKey: string) => boolean;
};

/** The limit of an HTTP API. */
const bodyLimitBytes = 10 * 1024 * 1024;

/** Emulates an HTTP API with a JWT authorizer and Lambda proxy integrations, including the gateway's own error replies. */
export function createApiGateway(options: ApiGatewayOptions): (request: IncomingMessage) => Promise<HttpReply> {
  return async (request) => {
    const requestId = randomUUID();
    const preflight = answerPreflight(options.cors, request);
    const reply = preflight ?? (await answerCall(request, requestId, options));
    return { ...reply, headers: { ...reply.headers, 'apigw-requestid': requestId } };
  };
}

async function answerCall(request: IncomingMessage, requestId: string, options: ApiGatewayOptions): Promise<HttpReply> {
  const reply = await answer(request, requestId, options).catch((error) => {
    if (error instanceof BodyTooLarge) return ownReply(413, 'Request Entity Too Large');
    throw error;
  });
  return { ...reply, headers: { ...reply.headers, ...corsHeaders(options.cors, request) } };
}

async function answer(request: IncomingMessage, requestId: string, options: ApiGatewayOptions): Promise<HttpReply> {
  const target = splitTarget(request.url ?? '/');
  if (target === undefined) return ownReply(400, 'Bad Request');
  const match = matchRoute(options.routes, request.method ?? 'GET', target.path);
  const body = await readBody(request, bodyLimitBytes);
  if (match === undefined) return ownReply(404, 'Not Found');
  if (options.admits?.(match.route.routeKey) === false) return ownReply(429, 'Too Many Requests');
  const access = await accessTo(match.route, request, options.authorize);
  if ('refusal' in access) return access.refusal;
  const { accountId, now } = options;
  const parts: EventParts = {
    request,
    requestId,
    accountId,
    ...target,
    ...match,
    ...access,
    routeKey: match.route.routeKey,
    body,
    now: now(),
  };
  const outcome = await options.functions.invoke(match.route.functionKey, toHttpApiEvent(parts));
  const reply = outcome.ok ? fromFunctionReply(outcome.payload) : undefined;
  return reply ?? ownReply(500, 'Internal Server Error');
}

async function accessTo(
  route: PackagedRoute,
  request: IncomingMessage,
  authorize: JwtAuthorizer,
): Promise<{ refusal: HttpReply } | { identity: JwtIdentity | undefined }> {
  if (!route.authorized) return { identity: undefined };
  const authorization = await authorize(request.headers.authorization, route.scopes);
  if (authorization.granted) return { identity: authorization.identity };
  const reply = ownReply(authorization.status, authorization.status === 401 ? 'Unauthorized' : 'Forbidden');
  return { refusal: { ...reply, headers: { ...reply.headers, 'www-authenticate': authorization.challenge } } };
}

/** The gateway decodes the whole path before it matches a route. Undefined when the path cannot be decoded. */
function splitTarget(target: string): { path: string; rawQueryString: string } | undefined {
  const mark = target.indexOf('?');
  const encoded = mark === -1 ? target : target.slice(0, mark);
  try {
    return { path: decodeURIComponent(encoded), rawQueryString: mark === -1 ? '' : target.slice(mark + 1) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function ownReply(status: number, message: string): HttpReply {
  return jsonReply(status, { message });
}
