import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { handler } from '../../src/handlers/api-documents.ts';
import { ROUTES } from '../../src/schemas/routes.ts';
import { lambdaContext } from '../builders/lambda.ts';

const PROFILE = '/v1/tenants/{tenant}/accounts/{account}/profile';

async function call(method: string, path: string, routeKey = '$default') {
  const event = { routeKey, rawPath: path, headers: {}, requestContext: { http: { method, path } } } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers, body = '' } = await handler(event as Parameters<typeof handler>[0], lambdaContext());
  return { status: statusCode, headers, body };
}

describe('a request that no route takes', () => {
  test.each([
    ['POST', '/v1/tenants/t/accounts/a/profile', 'GET, PUT, DELETE'],
    ['DELETE', '/v1/tenants/t/accounts/a/events', 'GET'],
    ['PUT', '/u/token', 'GET, POST'],
    ['POST', '/openapi.json', 'GET'],
  ])('%s %s is answered with the methods that the path takes', async (method, path, allow) => {
    const { status, headers, body } = await call(method, path);
    expect({ status, allow: headers?.allow }).toEqual({ status: 405, allow });
    expect(JSON.parse(body).detail).toContain(allow);
  });

  test('of an unknown path is not found', async () => {
    expect((await call('GET', '/v1/tenants/t/accounts/a/profile/x')).status).toBe(404);
  });
});

describe('the documents', () => {
  test('name every route by its method, with what it takes and answers', async () => {
    const { paths } = JSON.parse((await call('GET', '/openapi.json', 'GET /openapi.json')).body);
    for (const [name, { method, path, scope }] of Object.entries(ROUTES))
      expect(paths[path][method.toLowerCase()]).toMatchObject({ operationId: name, security: [{ token: [scope] }] });
    expect(paths[PROFILE].put.requestBody.content['application/json'].schema).toMatchObject({ additionalProperties: false });
    expect(Object.keys(paths[PROFILE].put.responses)).toEqual(['200', '400', '401', '403', '413', '415', '500', '503']);
    expect(paths[PROFILE].delete.responses).toHaveProperty('204');
    expect(paths[PROFILE].delete.responses).not.toHaveProperty('200');
  });

  test('can be read as a page', async () => {
    const { body } = await call('GET', '/docs', 'GET /docs');
    for (const { method, path } of Object.values(ROUTES)) expect(body).toContain(`${method} ${path}`);
  });
});
