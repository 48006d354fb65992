import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
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
        'What Totogi notified, to whom, and what was done about it, and how to reach subscribers. Times are RFC 3339; a range is half-open: `from` <= t < `to`.',
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
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return paths;
}

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  const { reply, body } = route;
  return {
    operationId: name,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: [{ token: [route.scope] }],
    requestParams: { path: route.pathParameters, query: route.query },
    ...(body ? { requestBody: { required: !route.bodyIsOptional, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      ...(reply
        ? { '200': { description: route.replies, content: { 'application/json': { schema: reply } } } }
        : { '204': { description: route.replies } }),
      '400': problem(`A parameter${body ? ' or the body' : ''} does not hold: \`errors\` names each fault.`),
      '401': refused('No token, or none that is valid.'),
      '403': {
        description: 'The token lacks the scope (the gateway answers) or is of another tenant (we do).',
        content: { 'application/problem+json': { schema: Problem }, 'application/json': { schema: GatewayMessage } },
      },
      ...(reply && !body ? { '404': problem('There is nothing of that name.') } : {}),
      ...Object.fromEntries(Object.entries(route.refusals ?? {}).map(([status, why]) => [status, problem(why)])),
      ...(body ? { '413': problem('The body is too large.'), '415': problem('The body is not sent as `application/json`.') } : {}),
      '500': problem('A fault on our side.'),
      '503': problem('The store does not answer; `Retry-After` says when to try again.'),
    },
  };
}
