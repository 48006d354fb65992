import * as z from 'zod';
import type { AccessTokens, TokenSource } from './access-tokens.ts';
import { TotogiNotDone, TotogiOutcomeUnknown } from './failures.ts';
import { type PostLimits, post } from './http-post.ts';
import { type Operation, parseOutcome, type Rejected } from './outcome.ts';

export type Access = TokenSource & { url: string };

/** `now` is the clock, in milliseconds since the epoch; the deadline is per request. */
export type GraphqlDependencies = PostLimits & { tokens: AccessTokens; deadlineMilliseconds: number };

const Reply = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        errorType: z
          .string()
          .regex(/^[\w:.-]{1,60}$/)
          .optional()
          .catch(undefined),
      }),
    )
    .nullish(),
});

/**
 * Sends one operation. Renews a rejected token once, since Totogi did not process that request.
 *
 * @throws TotogiNotDone, TotogiRateLimited, TotogiOutcomeUnknown or TotogiUnanswered. A rejection by Totogi is returned, not thrown.
 */
export async function ask<Done, Reason extends string>(
  { tokens, now, mayReach, deadlineMilliseconds }: GraphqlDependencies,
  access: Access,
  question: { operation: Operation<Done, Reason>; variables: Record<string, unknown> },
): Promise<Done | Rejected<Reason>> {
  const { operation, variables } = question;
  const body = JSON.stringify({ query: operation.document, variables, operationName: operation.name });
  const attempt = async () => {
    const token = await tokens.get(access);
    // Totogi's examples send the token without a scheme.
    const headers = { authorization: token, 'content-type': 'application/json', accept: 'application/json' };
    const reply = await post({ operation: operation.name, url: access.url, headers, body, deadlineMilliseconds }, { now, mayReach });
    if (reply.unauthorized) tokens.drop(access, token);
    return reply;
  };
  let reply = await attempt();
  if (reply.unauthorized) reply = await attempt();
  if (reply.unauthorized) throw new TotogiNotDone(operation.name, 'token refused');
  return parseOutcome(operation, dataOf(operation.name, reply.json), now());
}

/** After errors, or without data, it is unknown what was done. */
function dataOf(operation: string, json: unknown): unknown {
  const reply = Reply.safeParse(json);
  if (!reply.success) throw new TotogiOutcomeUnknown(operation, 'unreadable');
  const { data, errors } = reply.data;
  const [error] = errors ?? [];
  if (error) throw new TotogiOutcomeUnknown(operation, error.errorType ?? 'errors');
  const result = data?.[operation];
  if (result === undefined || result === null) throw new TotogiOutcomeUnknown(operation, 'no data');
  return result;
}
