import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { denyForeign } from '../foreign-requests.ts';
import { type HttpReply, jsonReply, sendReply } from '../http-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Rejects requests of web pages. dynalite would accept pages of any origin: it answers OPTIONS, and adds CORS headers when there is an
 * Origin.
 */
export function denyForeignRequests(server: Server): void {
  const others = server.listeners('request') as Answer[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const reply = denyForeign(request) ?? denyPreflight(request);
    if (reply) {
      request.resume();
      sendReply(response, reply);
      return;
    }
    delete request.headers.origin;
    for (const answer of others) answer(request, response);
  });
}

function denyPreflight({ method }: IncomingMessage): HttpReply | undefined {
  if (method !== 'OPTIONS') return undefined;
  const reply = jsonReply(405, { message: 'DynamoDB takes POST. Pages of a browser may not call it.' });
  return { ...reply, headers: { ...reply.headers, allow: 'POST' } };
}
