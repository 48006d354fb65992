import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handler } from '../../src/handlers/api-documents.ts';
import { Problem } from '../../src/platform/problem.ts';
import { type Route, successStatus } from '../../src/schemas/api/route.ts';
import { ROUTES } from '../../src/schemas/api/routes.ts';
import { lambdaContext } from '../builders/lambda.ts';

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

  test('asks with OPTIONS what a path takes', async () => {
    const { status, headers, body } = await call('OPTIONS', '/v1/tenants/t/accounts/a/profile');
    expect({ status, allow: headers?.allow, body: body.toString() }).toEqual({ status: 204, allow: 'GET, PUT, DELETE', body: '' });
    expect((await call('OPTIONS', '/v1/nowhere')).status).toBe(404);
  });

  test('of an unknown path is not found', async () => {
    expect((await call('GET', '/v1/tenants/t/accounts/a/profile/x')).status).toBe(404);
  });
});

const Content = z.record(z.string(), z.object({ example: z.unknown().optional() }));
const Operation = z.looseObject({
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), example: z.unknown().optional() })).optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional(), headers: z.unknown().optional() })),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

async function operationOf({ method, path }: Route): Promise<z.infer<typeof Operation>> {
  const { paths } = Document.parse(JSON.parse((await call('GET', '/openapi.json', 'GET /openapi.json')).body.toString()));
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`The document does not name ${method} ${path}.`);
  return operation;
}

describe('the documents', () => {
  test.each(Object.entries(ROUTES) as [string, Route][])('name %s with what it needs, takes and answers', async (name, route) => {
    const operation = await operationOf(route);
    const opened = route.openedBy === undefined ? [] : [{}];
    const security = route.scope === undefined ? [] : [{ token: [route.scope] }, ...opened];
    expect(operation).toMatchObject({ operationId: name, summary: route.summary, security });
    const parameters = [route.query, route.pathParameters, route.headers].flatMap((schema) => Object.keys(schema?.shape ?? {}));
    expect(operation.parameters?.map((parameter) => parameter.name).sort() ?? []).toEqual(parameters.sort());
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    const problems = [
      400,
      ...(route.scope === undefined ? [] : [401, 403]),
      ...Object.keys(route.problems ?? {}),
      ...(route.body ? [413, 415] : []),
      ...[429, 500, 503],
    ];
    expect(Object.keys(operation.responses)).toEqual([successStatus(route), ...problems].map(String));
  });

  test.each(Object.entries(ROUTES) as [string, Route][])('give examples of %s that its schemas take', async (_name, route) => {
    const { pathParameters, query, headers, body, reply, replyType, examples = {} } = route;
    const places = { path: pathParameters, query, header: headers };
    const operation = await operationOf(route);
    if (body) expect(body.parse(examples.body)).toEqual(examples.body);
    if (reply && route.scope !== undefined && replyType === undefined) expect(reply.parse(examples.reply)).toEqual(examples.reply);
    for (const { name, in: place, example } of operation.parameters ?? []) {
      const schema = places[place]?.shape[name];
      // A cursor comes from a reply and from nowhere else.
      if (name === 'cursor') continue;
      // A parameter given several times reaches a function joined by commas.
      expect(schema && z.safeParse(schema, String(example)), name).toMatchObject({ success: true });
    }
  });

  test.each(Object.entries(ROUTES) as [string, Route][])('show every problem of %s as it is sent', async (_name, route) => {
    const problems = Object.entries((await operationOf(route)).responses).flatMap(([status, { content = {} }]) => {
      const { example } = content['application/problem+json'] ?? {};
      return example === undefined ? [] : [{ status: Number(status), example: Problem.parse(example) }];
    });
    expect(problems.length).toBeGreaterThan(1);
    for (const { status, example } of problems) expect(example.status).toBe(status);
  });

  test('tell of the gateway what it answers by itself', async () => {
    const { responses } = await operationOf(ROUTES.putProfile);
    const own = Object.entries(responses).filter(([, { content = {} }]) => 'application/json' in content);
    expect(own.map(([status]) => status)).toEqual(['200', '400', '401', '403', '413', '429', '500', '503']);
    expect(Object.keys(responses['401']?.content ?? {})).toEqual(['application/json']);
    expect(responses['401']?.headers).toHaveProperty('WWW-Authenticate');
    expect(Object.keys(responses['403']?.content ?? {})).toEqual(['application/problem+json', 'application/json']);
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
