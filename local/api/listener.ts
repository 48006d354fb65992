import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { place } from '../aws-scope.ts';
import { createDrain } from '../drain.ts';
import type { DurableExecutions } from '../durable/durable-executions.ts';
import { createDefaultBus } from '../event-bus/event-bus.ts';
import { denyingForeign, pathOf } from '../foreign-requests.ts';
import { type HttpListener, sendReply } from '../http-server.ts';
import type { LocalQueue } from '../queue/queue.ts';
import { createReceipts } from '../receipts/receipts.ts';
import type { Parts } from '../service-parts.ts';
import type { PackagedStack } from '../template/packaged-stack.ts';
import { alarmRoutes } from './alarm-routes.ts';
import { createApiGateway } from './gateway.ts';
import { createJwtAuthorizer } from './jwt-authorizer.ts';
import { createLocalRoutes } from './local-routes.ts';
import type { SigningKey } from './signing-key.ts';
import { createThrottle } from './throttle.ts';
import { createTokenIssuer, localClientId, tokenRequestSchema } from './tokens.ts';

type ApiParts = Parts & {
  queues: LocalQueue[];
  durable: DurableExecutions;
  client: DynamoDBDocumentClient;
  key: SigningKey;
  issuer: string;
  throttled: boolean;
};

export function apiListener({
  stack,
  functions,
  clock,
  totogi,
  outbox,
  queues,
  durable,
  client,
  key,
  issuer,
  throttled,
}: ApiParts): HttpListener {
  const authorize = createJwtAuthorizer({ key, issuer, audience: localClientId, now: clock.now });
  const { cors, throttling } = stack.gateway;
  const admits = throttled ? createThrottle(throttling, () => performance.now()) : () => true;
  const { accountId } = place;
  const gateway = createApiGateway({ routes: stack.routes, functions, authorize, accountId, now: clock.now, cors, admits });
  const table = { client, name: stack.table.TableName };
  const publish = createDefaultBus({ stack, queues });
  const queuesByFunction = Object.fromEntries(
    stack.queues.flatMap(({ functionKey }, index) => (queues[index] === undefined ? [] : [[functionKey, queues[index]]])),
  );
  const localRoutes = createLocalRoutes({
    clock,
    drain: createDrain({ functions, durable, queues: queuesByFunction }),
    publicJwk: key.publicJwk,
    tokenRequest: tokenRequestSchema(ownScopes(stack)),
    issueToken: createTokenIssuer({ key, issuer, now: clock.now }),
    readOutbox: outbox.read,
    playReceipt: createReceipts({ stack, queues, functions, outbox, table, publish, now: clock.now, ...place }),
    more: { ...totogi.routes, ...alarmRoutes({ publish, now: clock.now, ...place }) },
    queueCounts: () => Object.fromEntries(Object.entries(queuesByFunction).map(([key, queue]) => [key, queue.counts()])),
  });
  return denyingForeign(async (request, response) => {
    const path = pathOf(request);
    if (isTotogis(path)) return totogi.handle(request, response, path);
    sendReply(response, await (path.startsWith('/local/') ? localRoutes(request, path) : gateway(request)));
  }, isPublic);
}

/**
 * Paths that other sites link to or read, as in production: links in messages, and the route of Totogi's demo front end. Not the API's
 * documents, which only a developer reads here.
 */
function isPublic(path: string): boolean {
  return /^\/(notifications|[ou]\/[^/]+)$/.test(path);
}

/** The stand-in's own endpoints. The other routes under `/local/totogi/` configure it. */
function isTotogis(path: string): boolean {
  return path === '/local/totogi/graphql' || path === '/local/totogi/oauth2/token';
}

/** Without Cognito's prefixed forms, which are the same scopes again. */
function ownScopes(stack: PackagedStack): string[] {
  return [...new Set(stack.routes.flatMap((route) => route.scopes))].filter((scope) => !scope.includes('/')).sort();
}
