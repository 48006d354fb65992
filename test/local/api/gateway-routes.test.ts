import { expect, test } from 'vitest';
import { matchRoute } from '../../../local/api/gateway-routes.ts';

const routes = [
  '$default',
  'ANY /v1/{anything+}',
  'ANY /v1/tenants/{tenant}',
  'GET /v1/tenants/{tenant}',
  'GET /v1/tenants/default',
  'GET /v1/tenants/{tenant}/events',
].map((routeKey) => ({ routeKey }));

test.each([
  { request: 'GET /v1/tenants/default', routeKey: 'GET /v1/tenants/default', pathParameters: {} },
  { request: 'GET /v1/tenants/aurora', routeKey: 'GET /v1/tenants/{tenant}', pathParameters: { tenant: 'aurora' } },
  { request: 'PUT /v1/tenants/aurora', routeKey: 'ANY /v1/tenants/{tenant}', pathParameters: { tenant: 'aurora' } },
  { request: 'GET /v1/tenants/aurora/events', routeKey: 'GET /v1/tenants/{tenant}/events', pathParameters: { tenant: 'aurora' } },
  { request: 'GET /v1/tenants/aurora/events/', routeKey: 'ANY /v1/{anything+}', pathParameters: { anything: 'tenants/aurora/events/' } },
  { request: 'GET /v1/tenants//events', routeKey: 'ANY /v1/{anything+}', pathParameters: { anything: 'tenants//events' } },
  { request: 'GET /v2', routeKey: '$default', pathParameters: {} },
  { request: 'GET /', routeKey: '$default', pathParameters: {} },
])('$request goes to $routeKey', ({ request, routeKey, pathParameters }) => {
  const [method = '', path = ''] = request.split(' ');
  expect(matchRoute(routes, method, path)).toEqual({ route: { routeKey }, pathParameters });
});

test('without $default a path that matches nothing has no route', () => {
  expect(matchRoute([{ routeKey: 'GET /docs' }], 'POST', '/docs')).toBeUndefined();
});
