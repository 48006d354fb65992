import * as z from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { Problem } from './problem.ts';
import { ROUTES, type Route } from './routes.ts';

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: Problem } } });
const GatewayMessage = z.object({ message: z.string() }).meta({ id: 'GatewayMessage' });
/** What the gateway's authorizer refuses keeps the gateway's own body. */
const refused = (description: string) => ({
  description,
  headers: z.object({ 'WWW-Authenticate': z.string().optional() }),
  content: { 'application/json': { schema: GatewayMessage } },
});

/** The OpenAPI 3.1 document of the API, made from the schemas that its routes use. */
export function apiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'totogi-notifications',
      version: '1',
      description:
        'What Totogi notified, to whom, and what was done about it. Times are RFC 3339; a range is half-open: `from` <= t < `to`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: paths(),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Its claim `tenant` names the one tenant it opens.' },
      },
    },
  });
}

function paths(): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(ROUTES).map(([name, route]: [string, Route]) => [
      route.path,
      {
        get: {
          operationId: name,
          summary: route.summary,
          ...(route.description === undefined ? {} : { description: route.description }),
          security: [{ token: [route.scope] }],
          requestParams: { path: route.pathParameters, query: route.query },
          responses: {
            '200': { description: route.replies, content: { 'application/json': { schema: route.reply } } },
            '400': problem('A parameter does not hold: `errors` names each.'),
            '401': refused('No token, or none that is valid.'),
            '403': {
              description: 'The token lacks the scope (the gateway answers) or is of another tenant (we do).',
              content: { 'application/problem+json': { schema: Problem }, 'application/json': { schema: GatewayMessage } },
            },
            '404': problem('There is nothing of that name.'),
            '500': problem('A fault on our side.'),
            '503': problem('The store does not answer; `Retry-After` says when to try again.'),
          },
        },
      },
    ]),
  );
}
