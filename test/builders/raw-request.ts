import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

type RawRequest = { port: number; method?: string; path?: string; headers?: OutgoingHttpHeaders; body?: string };

/** A request with whatever headers one likes, `Host` and `Origin` among them, which `fetch` does not let a caller choose. */
export async function ask({ port, method = 'GET', path = '/', headers = {}, body }: RawRequest) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; headers: IncomingHttpHeaders; text: string }>();
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body }), reject);
  });
  request.on('error', reject).end(body);
  return promise;
}

/** What names a request as one that a page of another site caused: header, then value. */
export const FOREIGN: [string, string][] = [
  ['host', 'evil.example'],
  ['host', 'evil.example:4400'],
  ['host', '127.0.0.1.evil.example'],
  ['host', 'localhost.evil.example:80'],
  ['host', 'localhost@evil.example'],
  ['host', '0.0.0.0:4400'],
  ['host', '127.0.0.1:port'],
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
  ['origin', 'http://127.0.0.1.evil.example'],
  ['origin', 'http://evil.example/http://127.0.0.1'],
  ['origin', 'file://'],
  ['sec-fetch-site', 'cross-site'],
];

/** Requests of this machine. */
export const OWN: Record<string, string>[] = [
  { host: '127.0.0.1' },
  { host: 'LOCALHOST:4400' },
  { host: '[::1]:1' },
  { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
  { origin: 'http://127.0.0.1:4400', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
];
