import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reasonOf, StartupFault } from './startup-fault.ts';

/** Read whole. */
export type AwsRequest = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer };

export type HttpReply = { status: number; headers?: Record<string, string | string[]>; body: string | Buffer };

export type HttpListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export type HttpServer = {
  port: number;
  /** Answers requests from now on, and those that have waited. */
  serve(listener: HttpListener): void;
  close(): Promise<void>;
};

export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
}

const closeGraceMs = 2_000;
const KEEP_ALIVE_MILLISECONDS = 65_000;

/**
 * Binds 127.0.0.1 at once, so that a port conflict shows before any slow work. Answers nothing until `serve`. Port 0 means any free one.
 *
 * @throws StartupFault when the port cannot be opened; `variable` is the setting to change.
 */
export async function openHttpServer({ port, variable }: { port: number; variable: string }): Promise<HttpServer> {
  const { promise: listening, resolve: serve } = Promise.withResolvers<HttpListener>();
  const server = createServer((request, response) => {
    listening.then((listener) => listener(request, response)).catch((error) => breakOff(error, response));
  });
  // Longer than clients keep a connection: closing one while a request is on its way fails that request.
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await listen(server, port, variable);
  const address = server.address() as AddressInfo;
  return { port: address.port, serve, close: () => close(server) };
}

/** @throws BodyTooLarge above the limit in bytes. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // An oversized body is read and dropped: closing early would reach the client as a reset instead of a reply.
    if (size <= limitBytes) chunks.push(chunk);
  }
  if (size > limitBytes) throw new BodyTooLarge(`The body has ${size} bytes; the limit is ${limitBytes}`);
  return Buffer.concat(chunks);
}

/** Dates replies by the given clock. Otherwise the AWS SDK assumes that its own clock is wrong, and retries each rejected request. */
export function datedBy(now: () => number, listener: HttpListener): HttpListener {
  return (request, response) => {
    response.setHeader('date', new Date(now()).toUTCString());
    return listener(request, response);
  };
}

export function sendReply(response: ServerResponse, reply: HttpReply): void {
  response.writeHead(reply.status, { 'content-length': Buffer.byteLength(reply.body), ...reply.headers });
  response.end(reply.body);
}

export function jsonReply(status: number, body: unknown, contentType = 'application/json'): HttpReply {
  return { status, headers: { 'content-type': contentType }, body: JSON.stringify(body) };
}

function listen(server: Server, port: number, variable: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => reject(portFault(error, port, variable)));
  server.listen(port, '127.0.0.1', resolve);
  return promise;
}

function portFault(error: NodeJS.ErrnoException, port: number, variable: string): StartupFault {
  const advice = `choose another one, for example \`${variable}=${port < 60_000 ? port + 100 : 4_500} npm start\``;
  if (error.code === 'EADDRINUSE')
    return new StartupFault(`Port ${port} is in use, perhaps by this service in another terminal: stop that program or ${advice}.`);
  return new StartupFault(`Port ${port} cannot be opened (${reasonOf(error)}): ${advice}.`, { cause: error });
}

function breakOff(error: unknown, response: ServerResponse): void {
  // A disconnected client is no fault of this service; anything else is logged.
  if (!response.destroyed) console.error(`A request failed: ${reasonOf(error)}`);
  if (response.headersSent) response.destroy();
  else sendReply(response, jsonReply(500, { message: 'Internal Server Error' }));
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const impatient = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  server.close(() => {
    clearTimeout(impatient);
    resolve();
  });
  server.closeIdleConnections();
  return promise;
}
