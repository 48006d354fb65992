import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { type HttpReply, jsonReply } from '../http-server.ts';
import type { JwtIdentity } from './jwt-authorizer.ts';

export type EventParts = {
  request: IncomingMessage;
  requestId: string;
  accountId: string;
  routeKey: string;
  /** Decoded, as the gateway passes it. */
  path: string;
  rawQueryString: string;
  pathParameters: Record<string, string>;
  body: Buffer;
  identity: JwtIdentity | undefined;
  now: number;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function toHttpApiEvent(parts: EventParts): APIGatewayProxyEventV2 {
  const { request, routeKey, path, rawQueryString, pathParameters, identity, now } = parts;
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]),
  );
  const query = queryParameters(rawQueryString);
  const domainName = (headers.host ?? '127.0.0.1').replace(/:\d+$/, '');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId: parts.accountId,
      apiId: 'local',
      ...(identity !== undefined && { authorizer: { jwt: identity } }),
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: parts.requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(new Date(now)),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(parts.body, headers['content-type']),
  } as APIGatewayProxyEventV2;
}

const FunctionReply = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.coerce.string()).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

/** Undefined when the gateway would reject the function's answer. Without `statusCode` the whole answer is the body. */
export function fromFunctionReply(payload: unknown): HttpReply | undefined {
  const isReply = payload !== null && typeof payload === 'object' && 'statusCode' in payload;
  if (!isReply) return typeof payload === 'string' ? textReply(payload) : jsonReply(200, payload ?? null);
  const parsed = FunctionReply.safeParse(payload);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...lowered, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function textReply(body: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters = new URLSearchParams(rawQueryString);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}

function bodyOf(body: Buffer, contentType = 'text/plain'): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = /^(text\/|application\/(json|javascript|xml))/.test(contentType);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(time: Date): string {
  const [year, month, day] = time.toISOString().slice(0, 10).split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.toISOString().slice(11, 19)} +0000`;
}
