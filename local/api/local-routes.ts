import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Drain } from '../drain.ts';
import { BodyTooLarge, type HttpReply, jsonReply, readBody } from '../http-server.ts';
import type { OutboxEntry } from '../outbox/outbox.ts';
import { NothingToPlay, ReceiptRequest } from '../receipts/receipts.ts';
import type { TokenRequest } from './tokens.ts';

export type LocalRoutesOptions = {
  clock: Clock;
  drain: Drain;
  publicJwk: object;
  tokenRequest: z.ZodType<TokenRequest>;
  issueToken: (request: TokenRequest) => Promise<string>;
  readOutbox: () => Promise<OutboxEntry[]>;
  queueCounts: () => Record<string, object>;
  playReceipt: (request: ReceiptRequest) => Promise<object>;
  more?: LocalRoutes;
};

type LocalRoute = (request: IncomingMessage) => Promise<HttpReply>;

export type LocalRoutes = Record<string, Record<string, LocalRoute>>;

const bodyLimitBytes = 64 * 1024;
const tenYearsInSeconds = 315_360_000;

/** Under a steady load, work may never be done. */
const drainBeforeAdvanceMs = 1_000;

const seconds = (name: string) => z.coerce.number(`${name} must be a number of seconds`).min(0).max(600, `${name} must be at most 600`);
const DrainQuery = z.strictObject({
  timeoutSeconds: seconds('timeoutSeconds').default(60),
  withinSeconds: seconds('withinSeconds').default(0),
});

const ClockRequest = z.object({
  advanceSeconds: z
    .number('advanceSeconds must be a number of seconds, for example 3600')
    .positive('advanceSeconds must be more than 0: the clock only goes forward')
    .max(tenYearsInSeconds, `advanceSeconds must be at most ${tenYearsInSeconds} (ten years)`),
});

export function createLocalRoutes(options: LocalRoutesOptions): (request: IncomingMessage, path: string) => Promise<HttpReply> {
  const routes = routeTable(options);
  return async (request, path) => {
    const methods = routes[path];
    if (methods === undefined) return problem(404, 'Not Found', `There is no ${path}; there are ${Object.keys(routes).join(', ')}.`);
    const route = methods[request.method ?? 'GET'];
    if (route !== undefined) return route(request);
    const allow = Object.keys(methods).join(', ');
    const reply = problem(405, 'Method Not Allowed', `${path} takes ${allow}.`);
    return { ...reply, headers: { ...reply.headers, allow } };
  };
}

function routeTable({ clock, drain, publicJwk, tokenRequest, issueToken, readOutbox, queueCounts, playReceipt, more }: LocalRoutesOptions) {
  const routes: LocalRoutes = {
    '/local/token': {
      POST: (request) => withBody(request, tokenRequest, async (body) => ({ token: await issueToken(body) })),
    },
    '/local/clock': {
      POST: (request) =>
        withBody(request, ClockRequest, async ({ advanceSeconds }) => {
          // First let due work finish: a run that starts its wait after the jump would wait from the new time on.
          await drain({ timeoutMs: drainBeforeAdvanceMs });
          clock.advance(advanceSeconds);
          return { now: new Date(clock.now()).toISOString(), offsetSeconds: clock.offsetMs() / 1000 };
        }),
    },
    '/local/drain': { POST: (request) => drainOrProblem(drain, request) },
    '/local/outbox': { GET: async () => jsonReply(200, { data: await readOutbox() }) },
    '/local/queue': { GET: async () => jsonReply(200, { data: queueCounts() }) },
    '/local/receipts': {
      POST: (request) =>
        withBody(request, ReceiptRequest, playReceipt).catch((error) => {
          if (error instanceof NothingToPlay) return problem(404, 'Not Found', error.message);
          throw error;
        }),
    },
    '/local/.well-known/jwks.json': { GET: async () => jsonReply(200, { keys: [publicJwk] }) },
    ...more,
  };
  return routes;
}

async function drainOrProblem(drain: Drain, { url = '' }: IncomingMessage): Promise<HttpReply> {
  const query = DrainQuery.safeParse(Object.fromEntries(new URLSearchParams(url.split('?')[1])));
  if (!query.success) return problem(400, 'Bad Request', query.error.issues.map(({ message }) => message).join('; '));
  const { timeoutSeconds, withinSeconds } = query.data;
  const open = await drain({ timeoutMs: timeoutSeconds * 1_000, withinMs: withinSeconds * 1_000 });
  const names = Object.entries(open).map(([name, count]) => `${count} ${name}`);
  if (names.length === 0) return jsonReply(200, { drained: true });
  return problem(503, 'Service Unavailable', `After ${timeoutSeconds} s there are still ${names.join(', ')}.`, { open });
}

export async function withBody<T>(request: IncomingMessage, shape: z.ZodType<T>, run: (body: T) => Promise<object>): Promise<HttpReply> {
  const text = await readBody(request, bodyLimitBytes).catch((error) => {
    if (error instanceof BodyTooLarge) return undefined;
    throw error;
  });
  if (text === undefined) return problem(413, 'Content Too Large', `The body may have ${bodyLimitBytes} bytes.`);
  const body = parseJson(text.toString('utf8'));
  if (body === undefined) return problem(400, 'Bad Request', 'The body must be a JSON object.');
  const parsed = shape.safeParse(body);
  if (parsed.success) return jsonReply(200, await run(parsed.data));
  const errors = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), detail: issue.message }));
  return problem(400, 'Bad Request', errors.map(({ detail }) => detail).join('; '), { errors });
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function problem(status: number, title: string, detail: string, more: object = {}): HttpReply {
  return jsonReply(status, { type: 'about:blank', title, status, detail, ...more }, 'application/problem+json');
}
