import type { IncomingMessage } from 'node:http';
import { type HttpListener, type HttpReply, jsonReply, sendReply } from './http-server.ts';

const THIS_MACHINE = String.raw`(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?`;
const OWN_HOST = new RegExp(`^${THIS_MACHINE}$`, 'i');
const OWN_ORIGIN = new RegExp(`^https?://${THIS_MACHINE}$`, 'i');

/**
 * Why a request is not answered, or undefined. A page that somebody looks at on this machine can send requests here: under a name of its
 * own that leads to 127.0.0.1 (DNS rebinding; only `Host` tells), and across origins (`Origin` and `Sec-Fetch-Site`, which no page can
 * change). Programs such as curl and the AWS SDK send neither of the latter.
 *
 * @param isPublic whether pages of any origin may ask for it, as in production.
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

/** Answers what comes from this machine, and refuses the rest. */
export function denyingForeign(listener: HttpListener, isPublic: (path: string) => boolean = () => false): HttpListener {
  return async (request, response) => {
    const reply = denyForeign(request, isPublic(pathOf(request)));
    if (reply === undefined) return listener(request, response);
    // Unread, what was sent would reach the client as a reset instead of the answer.
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
