import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES, type RouteName } from '../../src/schemas/api/routes.ts';
import { lambdaContext } from './lambda.ts';

type ApiEvent = APIGatewayProxyEventV2 & { requestContext: { authorizer: { jwt: { claims: Record<string, unknown> } } } };
type ApiHandler = (event: ApiEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

export type ApiReply = { status: number; body: Record<string, unknown> & { errors?: { pointer: string }[] } };
export type ApiRequest = {
  path: Record<string, string>;
  query?: Record<string, string>;
  /** As JSON; text goes as it is. */
  body?: unknown;
  /** By default those of a token of the path's tenant. */
  claims?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** Calls a declared route's function as the gateway does after its authorizer let the request pass. */
export async function callApi(handler: ApiHandler, name: RouteName, request: ApiRequest): Promise<ApiReply> {
  const { path, query, body, claims = { tenant: path.tenant }, headers = {} } = request;
  const route = ROUTES[name];
  const event = {
    routeKey: routeKey(route),
    rawPath: route.path,
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: path,
    ...(query && { queryStringParameters: query }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    requestContext: { http: { method: route.method, path: route.path }, authorizer: { jwt: { claims } } },
  } as unknown as ApiEvent;
  const { statusCode = 0, body: reply = '{}' } = await handler(event, lambdaContext());
  return { status: statusCode, body: JSON.parse(reply) };
}
