import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { handler } from '../../src/handlers/api-documents.ts';
import { ROUTES } from '../../src/schemas/routes.ts';
import { lambdaContext } from '../builders/lambda.ts';

const PROFILE = '/v1/tenants/{tenant}/accounts/{account}/profile';

async function call(method: string, path: string, routeKey = '$default', requestHeaders = {}) {
  const event = {
    routeKey,
    rawPath: path,
    headers: requestHeaders,
    requestContext: { http: { method, path } },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers, body = '', isBase64Encoded } = await handler(event as Parameters<typeof handler>[0], lambdaContext());
  return { status: statusCode, headers, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}

describe('a request that no route takes', () => {
  test.each([
    ['POST', '/v1/tenants/t/accounts/a/profile', 'GET, PUT, DELETE'],
    ['DELETE', '/v1/tenants/t/accounts/a/events', 'GET'],
    ['PUT', '/u/token', 'GET, POST'],
    ['POST', '/openapi.json', 'GET'],
    ['POST', '/docs/openapi-explorer.js', 'GET'],
  ])('%s %s is answered with the methods that the path takes', async (method, path, allow) => {
    const { status, headers, body } = await call(method, path);
    expect({ status, allow: headers?.allow }).toEqual({ status: 405, allow });
    expect(JSON.parse(body.toString()).detail).toContain(allow);
  });

  test('of an unknown path is not found', async () => {
    expect((await call('GET', '/v1/tenants/t/accounts/a/profile/x')).status).toBe(404);
  });
});

describe('the documents', () => {
  test('name every route by its method, with what it takes and answers', async () => {
    const { paths } = JSON.parse((await call('GET', '/openapi.json', 'GET /openapi.json')).body.toString());
    for (const [name, { method, path, scope }] of Object.entries(ROUTES))
      expect(paths[path][method.toLowerCase()]).toMatchObject({ operationId: name, security: [{ token: [scope] }] });
    expect(paths[PROFILE].put.requestBody.content['application/json'].schema).toMatchObject({ additionalProperties: false });
    expect(Object.keys(paths[PROFILE].put.responses)).toEqual(['200', '400', '401', '403', '413', '415', '500', '503']);
    expect(paths[PROFILE].delete.responses).toHaveProperty('204');
    expect(paths[PROFILE].delete.responses).not.toHaveProperty('200');
  });

  test('can be read as a page, also without scripts', async () => {
    const page = (await call('GET', '/docs', 'GET /docs')).body.toString();
    for (const { method, path } of Object.values(ROUTES)) expect(page).toContain(`${method} ${path}`);
  });

  test("allow the page its own script and the explorer, and nothing of another host's", async () => {
    const { headers, body } = await call('GET', '/docs', 'GET /docs');
    const script = /<script>([\s\S]+)<\/script>/.exec(body.toString())?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(headers?.['content-security-policy']).toContain(`default-src 'none'; script-src 'self' 'sha256-${hash}';`);
    expect([...body.toString().matchAll(/https?:\/\/[^"' ]+/g)]).toEqual([]);
  });

  test.each(['br, gzip', 'gzip'])('come with the explorer that the page shows them in, to a browser that takes %s', async (encoding) => {
    const { status, headers, body } = await call('GET', '/docs/openapi-explorer.js', '$default', { 'Accept-Encoding': encoding });
    expect({ status, type: headers?.['content-type'] }).toEqual({ status: 200, type: 'text/javascript; charset=utf-8' });
    const script = headers?.['content-encoding'] === 'br' ? brotliDecompressSync(body) : body;
    expect(script.equals(readFileSync('node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js'))).toBe(true);
  });
});
