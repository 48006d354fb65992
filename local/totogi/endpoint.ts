import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { BodyTooLarge, type HttpReply, jsonReply, readBody, sendReply } from '../http-server.ts';
import { reasonOf } from '../startup-fault.ts';
import type { Execute, GraphqlRequest } from './execute.ts';
import type { Fault, Faults } from './faults.ts';
import type { Oauth } from './oauth.ts';
import { totogiError } from './operations.ts';

const bodyLimitBytes = 256 * 1024;
/** How often a delay checks the service's clock, which may jump. */
const lookEveryMs = 20;

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export type TotogiEndpoint = {
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** The number of requests per operation, tokens included. */
  calls(): Record<string, number>;
};

type EndpointOptions = { execute: Execute; oauth: Oauth; faults: Faults; clock: Clock };
type Answer = HttpReply | 'cut';

export function createTotogiEndpoint({ execute, oauth, faults, clock }: EndpointOptions): TotogiEndpoint {
  const counts: Record<string, number> = {};

  const delayed = new Set<() => void>();
  // Work that a clock jump makes due runs before the caller of the jump continues.
  clock.onAdvance(() => {
    for (const look of delayed) look();
  });

  async function until(time: number): Promise<void> {
    while (clock.now() < time) {
      const moved = Promise.withResolvers<void>();
      delayed.add(moved.resolve);
      await Promise.race([moved.promise, sleep(lookEveryMs, undefined, { ref: false })]);
      delayed.delete(moved.resolve);
    }
  }

  /** Does the work and answers, each at the fault's time. Late work continues after the answer. */
  async function misbehave(fault: Fault, question: GraphqlRequest | undefined, work: () => Promise<HttpReply>): Promise<Answer> {
    const startedAt = clock.now();
    const { answer, workAfterSeconds, answerAfterSeconds } = fault;
    const doesTheWork = answer === 'result' || (fault.doesTheWork ?? answer === 'cut');
    const working = doesTheWork ? until(startedAt + workAfterSeconds * 1_000).then(work) : undefined;
    working?.catch((error: unknown) => console.error(`The local Totogi's late work failed: ${reasonOf(error)}`));
    await until(startedAt + answerAfterSeconds * 1_000);
    if (answer === 'result' && working) return working;
    if (workAfterSeconds === 0) await working;
    return faultyAnswer(fault, question);
  }

  async function faultyAnswer({ answer, retryAfterSeconds }: Fault, question: GraphqlRequest | undefined): Promise<Answer> {
    if (answer === 'cut') return 'cut';
    const status = /^status-(\d+)$/.exec(answer)?.[1];
    if (status !== undefined) {
      const reply = jsonReply(Number(status), { errors: [{ errorType: 'InternalFailure' }] });
      return status === '429' ? { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterSeconds) } } : reply;
    }
    if (answer === 'errors')
      return jsonReply(200, { data: null, errors: [{ errorType: 'ExecutionTimeout', message: 'It took too long.' }] });
    if (answer === 'no-data' || question === undefined) return jsonReply(200, { data: null });
    const retryAfter = new Date(clock.now() + retryAfterSeconds * 1_000).toISOString();
    return jsonReply(200, await execute(question, totogiError(answer, { retryAfter, fieldName: 'input', transactionId: 'unknown' })));
  }

  async function answerTo(request: IncomingMessage, path: string): Promise<Answer> {
    const body = (await readBody(request, bodyLimitBytes)).toString('utf8');
    const { authorization } = request.headers;
    const isToken = path.endsWith('/oauth2/token');
    const question = isToken ? undefined : parseQuestion(body);
    if (!isToken && question === undefined) return jsonReply(400, { errors: [{ errorType: 'MalformedHttpRequestException' }] });
    const operation = question ? operationOf(question) : 'token';
    counts[operation] = (counts[operation] ?? 0) + 1;
    const work = async () => (question ? jsonReply(200, await execute(question)) : oauth.issue(authorization, body));
    if (question && !oauth.accepts(authorization)) return jsonReply(401, { errors: [{ errorType: 'UnauthorizedException' }] });
    const fault = faults.take(operation);
    return fault ? misbehave(fault, question, work) : work();
  }

  return {
    async handle(request, response, path) {
      if (request.method !== 'POST') return sendReply(response, jsonReply(405, { errors: [{ errorType: 'MethodNotAllowed' }] }));
      const answer = await answerTo(request, path).catch((error: unknown) => {
        if (error instanceof BodyTooLarge) return jsonReply(413, { errors: [{ errorType: 'RequestEntityTooLarge' }] });
        throw error;
      });
      if (answer === 'cut') request.socket.destroy();
      else sendReply(response, answer);
    },
    calls: () => counts,
  };
}

function parseQuestion(text: string): GraphqlRequest | undefined {
  try {
    const { query, variables, operationName } = Body.parse(JSON.parse(text));
    return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Falls back to the first field, which has the operation's name in this service's client. */
function operationOf({ query, operationName }: GraphqlRequest): string {
  return operationName ?? /\{\s*(\w+)/.exec(query)?.[1] ?? 'unknown';
}
