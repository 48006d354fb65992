import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../http-server.ts';

export type CorsRules = { origins: string[]; methods: string[]; headers: string[]; exposed: string[]; maxAgeSeconds: number };

/**
 * The gateway's own reply to a CORS preflight; undefined for any other request.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function answerPreflight(cors: CorsRules | undefined, request: IncomingMessage): HttpReply | undefined {
  const asks = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (!cors || !asks || request.headers.origin === undefined) return undefined;
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return { status: 204, body: '' };
  const headers = {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': cors.methods.join(','),
    'access-control-allow-headers': cors.headers.join(','),
    'access-control-max-age': String(cors.maxAgeSeconds),
  };
  return { status: 204, headers, body: '' };
}

export function corsHeaders(cors: CorsRules | undefined, request: IncomingMessage): Record<string, string> {
  const origin = cors && allowedOrigin(cors, request);
  if (!cors || origin === undefined) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': cors.exposed.join(',') };
}

function allowedOrigin({ origins }: CorsRules, { headers: { origin } }: IncomingMessage): string | undefined {
  if (origin === undefined) return undefined;
  if (origins.includes('*')) return '*';
  return origins.includes(origin) ? origin : undefined;
}
