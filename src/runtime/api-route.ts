import type * as z from 'zod';
import { HttpProblem } from '../schemas/problem.ts';
import { ROUTES, type Route, type RouteName, routeKey } from '../schemas/routes.ts';
import type { HttpReply, HttpRequest } from './http.ts';

type PathOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]['pathParameters']>;
type QueryOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]['query']>;
type ReplyOf<Name extends RouteName> = z.input<(typeof ROUTES)[Name]['reply']>;

/** The work of each route, given parameters that hold. */
export type RouteWork<Names extends RouteName = RouteName> = {
  [Name in Names]: (path: PathOf<Name>, query: QueryOf<Name>) => Promise<ReplyOf<Name>>;
};

/**
 * Serves declared routes: the tenant's wall first, then path and query by their schemas, then the work, and the reply by its schema.
 * An answer leaves only after its schema has read it.
 */
export function serveRoutes<Names extends RouteName>(work: RouteWork<Names>): (request: HttpRequest) => Promise<HttpReply> {
  const names = Object.keys(work) as Names[];
  const byKey = new Map(names.map((name) => [routeKey(ROUTES[name]), name]));
  return async (request) => {
    const name = byKey.get(request.routeKey);
    if (name === undefined) throw new HttpProblem(404, 'There is no such route.');
    const route: Route = ROUTES[name];
    keepTenantWall(request);
    const path = parse(route.pathParameters, request.pathParameters, 'path');
    const query = parse(route.query, request.query, 'query');
    const reply = await work[name](path as PathOf<Names>, query as QueryOf<Names>);
    return { body: JSON.stringify(route.reply.parse(reply)) };
  };
}

/** The tenant is the verified token's, one string; the path may only repeat it. */
function keepTenantWall({ claims, pathParameters }: HttpRequest): void {
  if (typeof claims.tenant === 'string' && claims.tenant === pathParameters.tenant) return;
  throw new HttpProblem(403, 'The token is not one of this tenant: its claim `tenant` must be the tenant in the path.');
}

function parse(schema: z.ZodType, values: Record<string, string>, where: 'path' | 'query'): unknown {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => parameterErrors(issue, where));
  throw new HttpProblem(400, errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; '), { errors });
}

function parameterErrors(issue: z.core.$ZodIssue, where: string): { parameter: string; detail: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((parameter) => ({ parameter, detail: `is no ${where} parameter of this route` }));
  return [{ parameter: String(issue.path[0] ?? where), detail: `expected ${issue.message}` }];
}
