import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { DEAD_LETTER_ROUTES } from './dead-letter-routes.ts';
import { documentedProblems } from './documented-problems.ts';
import { EVENT_ROUTES } from './event-routes.ts';
import { FAILED_ACTIVATION_ROUTES } from './failed-activation-routes.ts';
import { MARKETING_ROUTES } from './marketing-routes.ts';
import { OFFER_ROUTES } from './offer-routes.ts';
import { OPERATION_ROUTES } from './operation-routes.ts';
import { PROFILE_ROUTES } from './profile-routes.ts';
import { REPLAY_ROUTES } from './replay-routes.ts';
import { type Route, successStatus } from './route.ts';
import { ROUTES } from './routes.ts';
import { UNKNOWN_TENANT_ROUTES } from './unknown-tenant-routes.ts';

/** All other routes are pages, which need no token. */
const PAGES = 'Pages';

const TAGS: Record<string, object> = {
  Events: EVENT_ROUTES,
  Profiles: PROFILE_ROUTES,
  Offers: { ...OFFER_ROUTES, ...FAILED_ACTIVATION_ROUTES },
  Marketing: MARKETING_ROUTES,
  Quarantine: OPERATION_ROUTES,
  Replays: REPLAY_ROUTES,
  Operations: { ...DEAD_LETTER_ROUTES, ...UNKNOWN_TENANT_ROUTES },
};

const DESCRIPTION = `Look up Totogi's notifications and what the service did about them, and manage how to reach subscribers.

To start, get a token. For a deployed service, get it from its issuer. On this machine, use the form below, or \`POST /local/token\` with \`{"tenant": "mvno-aurora"}\`. For example, list a day's failed renewals: \`GET /v1/tenants/mvno-aurora/events?type=AutoRenewFailure&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z\` with the header \`Authorization: Bearer <token>\`.

Times are RFC 3339; a range is half-open: \`from\` <= t < \`to\`. A list answers \`{"data": [...], "next": cursor or null}\`; a page may hold fewer than \`limit\` entries, or none, and still have a \`next\`.

Errors are problem details (RFC 9457), except errors of the gateway itself, whose body is \`{"message": "..."}\`. An existing path answers any other method with 405 and \`Allow\`. Every reply has a header \`apigw-requestid\`; a problem contains it as \`requestId\`.`;

export function apiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'totogi-notifications', version: '1', description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [...Object.keys(TAGS), PAGES].map((name) => ({ name })),
    paths: paths(),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The claim `tenant` names the one tenant that the token can access.',
        },
      },
    },
  });
}

function paths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return paths;
}

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  const { body, examples = {} } = route;
  const sent = body && { schema: body, ...('body' in examples ? { example: examples.body } : {}) };
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: securityOf(route),
    requestParams: { path: route.pathParameters, query: route.query, ...(route.headers ? { header: route.headers } : {}) },
    ...(sent ? { requestBody: { required: !route.bodyIsOptional, content: { 'application/json': sent } } } : {}),
    responses: { [String(successStatus(route))]: success(route), ...documentedProblems(route) },
  };
}

function tagOf(name: string): string {
  return Object.keys(TAGS).find((tag) => Object.hasOwn(TAGS[tag] ?? {}, name)) ?? PAGES;
}

function success({ replies, reply, replyType, examples = {} }: Route) {
  const content = reply && {
    [replyType ?? 'application/json']: { schema: reply, ...('reply' in examples ? { example: examples.reply } : {}) },
  };
  return { description: replies, ...(content ? { content } : {}) };
}

/** An empty alternative means that no token is needed. */
function securityOf({ scope, openedBy }: Route) {
  if (scope === undefined) return [];
  return openedBy === undefined ? [{ token: [scope] }] : [{ token: [scope] }, {}];
}
