import type { IncomingMessage } from 'node:http';
import { type HttpListener, type HttpReply, jsonReply, sendReply } from './http-server.ts';

const THIS_MACHINE = String.raw`(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?`;
const OWN_HOST = new RegExp(`^${THIS_MACHINE}$`, 'i');
const OWN_ORIGIN = new RegExp(`^https?://${THIS_MACHINE}$`, 'i');

/**
 * Returns the rejection of a request from a foreign web page, or undefined. A page in a local browser can reach this service through its
 * own name for 127.0.0.1 (DNS rebinding, visible in `Host` only) or across origins (visible in `Origin` and `Sec-Fetch-Site`, which no page
 * can change). curl and the AWS SDK send neither of the latter.
 *
 * @param isPublic pages of any origin may send it, as in production.
 */
export function denyForeign({ headers, headersDistinct }: IncomingMessage, isPublic = false): HttpReply | undefined {
  const hosts = headersDistinct.host ?? [];
  if (hosts.length !== 1 || !OWN_HOST.test(hosts[0] ?? ''))
    return denied('The Host header must be 127.0.0.1, localhost or [::1], with any port. Use the address that `npm start` prints.');
  if (isPublic) return undefined;
  if (headers.origin !== undefined && !OWN_ORIGIN.test(headers.origin))
    return denied('The Origin header must name 127.0.0.1, localhost or [::1]. Pages of other sites may not call this service.');
  if (headers['sec-fetch-site'] === 'cross-site')
    return denied('A page or link of another site led here. Enter the address in the browser, or call it with curl.');
  return undefined;
}

export function denyingForeign(listener: HttpListener, isPublic: (path: string) => boolean = () => false): HttpListener {
  return async (request, response) => {
    const reply = denyForeign(request, isPublic(pathOf(request)));
    if (reply === undefined) return listener(request, response);
    // The body must be read, or the client gets a reset instead of the reply.
    request.resume();
    sendReply(response, reply);
  };
}

export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/';
}

function denied(detail: string): HttpReply {
  const reply = jsonReply(403, { type: 'about:blank', title: 'Forbidden', status: 403, detail }, 'application/problem+json');
  return { ...reply, headers: { ...reply.headers, connection: 'close' } };
}
