import * as z from 'zod';
import type { HttpReply, HttpRequest } from '../platform/http.ts';
import { parseJsonBody } from '../platform/json-body.ts';
import { nearestName } from '../platform/nearest-name.ts';
import { badRequest, HttpProblem } from '../platform/problem.ts';
import { stored } from '../platform/stored.ts';
import { type Route, routeKey, successStatus } from '../schemas/api/route.ts';
import type { ROUTES, RouteName } from '../schemas/api/routes.ts';

/** Every parameter name is shorter, so longer input gets no suggestion. */
const MAX_SUGGESTED_FOR = 50;

type PathOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]['pathParameters']>;
type QueryOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]['query']>;
type HeadersOf<Name extends RouteName> = (typeof ROUTES)[Name] extends { headers: infer Headers extends z.ZodType }
  ? z.infer<Headers>
  : undefined;
type BodyOf<Name extends RouteName> = (typeof ROUTES)[Name] extends { body: infer Body extends z.ZodType } ? z.infer<Body> : undefined;
type ReplyOf<Name extends RouteName> = (typeof ROUTES)[Name] extends { reply: infer Reply extends z.ZodType } ? z.input<Reply> : undefined;

/**
 * Validated body and headers. `tenant` is that of the verified token: only its records may be accessed. `caller` is the token's client or
 * user.
 */
export type RequestContext<Body, Headers = undefined> = { body: Body; headers: Headers; tenant: string; caller: string };

export type RouteWork<Names extends RouteName = RouteName> = {
  [Name in Names]: (
    path: PathOf<Name>,
    query: QueryOf<Name>,
    context: RequestContext<BodyOf<Name>, HeadersOf<Name>>,
  ) => Promise<ReplyOf<Name>>;
};

/**
 * Serves declared routes: checks the tenant, parses path, query and body, runs the work, and parses the reply. The reply is parsed as
 * stored data, because records may have been written under older rules.
 *
 * @param routes the declarations of the routes in `work`. The schemas of all other routes stay out of the function's bundle.
 */
export function serveRoutes<Names extends RouteName>(
  routes: Pick<typeof ROUTES, Names>,
  work: RouteWork<Names>,
): (request: HttpRequest) => Promise<HttpReply> {
  const names = Object.keys(work) as Names[];
  const byKey = new Map(names.map((name) => [routeKey(routes[name]), name]));
  const replies = new Map(names.map((name) => [name, replyOf(routes[name])]));
  return async (request) => {
    const name = byKey.get(request.routeKey);
    if (name === undefined) throw new HttpProblem(404, 'No such route. See /docs for all routes.');
    const route: Route = routes[name];
    const tenant = tenantOf(request);
    const path = parseParameters(route.pathParameters, request.pathParameters, 'path');
    const query = parseParameters(route.query, request.query, 'query');
    const body = parseBody(route, request);
    const headers = route.headers && parseParameters(route.headers, request.headers, 'header');
    const context = { body: body as BodyOf<Names>, headers: headers as HeadersOf<Names>, tenant, caller: callerOf(request) };
    const reply = await work[name](path as PathOf<Names>, query as QueryOf<Names>, context);
    const status = successStatus(route);
    const schema = replies.get(name);
    return schema ? { status, body: JSON.stringify(schema.parse(reply)) } : { status };
  };
}

function replyOf({ reply }: Route): z.ZodType | undefined {
  return reply && stored(reply);
}

function parseBody(route: Route, request: HttpRequest): unknown {
  if (!route.body) return undefined;
  return route.bodyIsOptional && !request.body ? route.body.parse({}) : parseJsonBody(route.body, request);
}

/** Cognito's access tokens name a machine by `client_id` and a person by `sub`, an opaque id. Other issuers use `sub` or `azp`. */
function callerOf({ claims }: HttpRequest): string {
  const name = [claims.sub, claims.client_id, claims.azp].find((claim) => typeof claim === 'string' && claim !== '');
  return String(name ?? 'unnamed');
}

function tenantOf({ claims, pathParameters }: HttpRequest): string {
  if (typeof claims.tenant === 'string' && claims.tenant === pathParameters.tenant) return claims.tenant;
  throw new HttpProblem(403, 'This token belongs to a different tenant: its claim `tenant` must match the tenant in the path.');
}

/** @throws HttpProblem 400 that names each invalid parameter. */
export function parseParameters<Schema extends z.ZodType>(
  schema: Schema,
  values: Record<string, string | string[]>,
  where: 'path' | 'query' | 'header',
): z.infer<Schema> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const faults = parsed.error.issues.flatMap((issue) => parameterFaults(issue, where));
  throw badRequest(oncePerParameter(faults), ({ parameter, issue }) => {
    if (issue.code === 'unrecognized_keys') return { parameter, detail: `is an unknown ${where} parameter${suggestion(parameter, names)}` };
    const isRepeated = Array.isArray(values[parameter]) && issue.path.length === 1 && issue.code !== 'too_big';
    return { parameter, detail: isRepeated ? 'is given several times; give it once' : `expected ${issue.message}` };
  });
}

type ParameterFault = { parameter: string; issue: z.core.$ZodIssue };

function parameterFaults(issue: z.core.$ZodIssue, where: string): ParameterFault[] {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? where)];
  return names.map((parameter) => ({ parameter, issue }));
}

/** Several values of one parameter may have the same fault. */
function oncePerParameter(faults: ParameterFault[]): ParameterFault[] {
  const seen = new Set<string>();
  return faults.filter(({ parameter, issue }) => {
    const fault = JSON.stringify([parameter, issue.message]);
    return !seen.has(fault) && seen.add(fault);
  });
}

function suggestion(written: string, names: string[]): string {
  if (names.length === 0) return ', which takes none';
  const nearest = written.length > MAX_SUGGESTED_FOR ? undefined : nearestName(written, names);
  return nearest === undefined ? `; it takes ${names.join(', ')}` : `; did you mean "${nearest}"?`;
}
