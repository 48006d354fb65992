import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { resourcesOf, serviceTemplate } from './templates.ts';

const PUBLIC = new Set([
  'GET /o/{token}',
  'POST /o/{token}',
  'GET /u/{token}',
  'POST /u/{token}',
  'GET /openapi.json',
  'GET /docs',
  '$default',
]);

// Variables of an access log that tell nothing about a person. Left out on purpose: path, rawPath, domainName, identity.* (address, user
// agent), authorizer claims other than the tenant, and integration errors, which may quote what was sent.
const IMPERSONAL = new Set([
  '$context.requestId',
  '$context.requestTime',
  '$context.routeKey',
  '$context.status',
  '$context.authorizer.claims.tenant',
  '$context.authorizer.error',
  '$context.responseLength',
  '$context.responseLatency',
]);

const template = serviceTemplate();
const routes = resourcesOf(
  template,
  'AWS::ApiGatewayV2::Route',
  z.looseObject({ RouteKey: z.string(), AuthorizationType: z.string().optional(), AuthorizationScopes: z.array(z.string()).optional() }),
).map(([, route]) => route);

describe('the HTTP API', () => {
  test('asks for a token on every route but the public ones', () => {
    for (const route of routes.filter(({ RouteKey }) => !PUBLIC.has(RouteKey))) {
      expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: { Ref: 'HttpApiAuthorizerTokens' } });
    }
  });

  // Without a scope on the route the authorizer would let an ID token pass.
  test('asks for a scope wherever it asks for a token, with and without the prefix of Cognito', () => {
    const asked = Object.fromEntries(
      routes.flatMap((route) => (route.AuthorizationType ? [[route.RouteKey, route.AuthorizationScopes]] : [])),
    );
    const eventsRead = ['events:read', 'totogi-notifications/events:read'];
    const operations = ['operations', 'totogi-notifications/operations'];
    expect(asked).toEqual({
      'GET /v1/tenants/{tenant}/events': eventsRead,
      'GET /v1/tenants/{tenant}/accounts/{account}/events': eventsRead,
      'GET /v1/tenants/{tenant}/accounts/{account}/timeline': eventsRead,
      'GET /v1/tenants/{tenant}/accounts/{account}/events/{eventId}': eventsRead,
      'GET /v1/tenants/{tenant}/accounts/{account}/events/{eventId}/explanation': eventsRead,
      'GET /v1/tenants/{tenant}/accounts/{account}/profile': ['profiles:read', 'totogi-notifications/profiles:read'],
      'PUT /v1/tenants/{tenant}/accounts/{account}/profile': ['profiles:write', 'totogi-notifications/profiles:write'],
      'DELETE /v1/tenants/{tenant}/accounts/{account}/profile': ['profiles:write', 'totogi-notifications/profiles:write'],
      'GET /v1/tenants/{tenant}/quarantine': operations,
      'GET /v1/tenants/{tenant}/quarantine/{id}': operations,
      'POST /v1/tenants/{tenant}/quarantine/{id}/redrive': operations,
      'POST /v1/tenants/{tenant}/quarantine/{id}/discard': operations,
      'GET /v1/tenants/{tenant}/dead-letters': operations,
      'POST /v1/tenants/{tenant}/dead-letters/{queue}/redrive': operations,
    });
  });

  test('answers what matches no route itself', () => {
    expect(routes.map(({ RouteKey }) => RouteKey)).toContain('$default');
  });

  test('logs no personal data', () => {
    const [stage] = resourcesOf(
      template,
      'AWS::ApiGatewayV2::Stage',
      z.looseObject({ AccessLogSettings: z.looseObject({ Format: z.string() }) }),
    );
    const format = stage?.[1].AccessLogSettings.Format ?? '';
    const line = z.record(z.string(), z.string()).parse(JSON.parse(format));
    expect(Object.values(line).filter((variable) => !IMPERSONAL.has(variable))).toEqual([]);
    expect(line.route).toBe('$context.routeKey');
  });

  test('is throttled', () => {
    expect(template.Resources.HttpApiStage?.Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: { Ref: 'ApiRateLimit' },
      ThrottlingBurstLimit: { Ref: 'ApiBurstLimit' },
    });
  });
});

describe('the user pool', () => {
  const made = Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('AWS::Cognito'));

  test('is made only when no issuer is given', () => {
    expect(template.Conditions.MakeUserPool).toEqual({ 'Fn::Equals': [{ Ref: 'JwtIssuer' }, ''] });
    expect(made).toHaveLength(4);
    for (const [, resource] of made) expect(resource.Condition).toBe('MakeUserPool');
  });

  test('asks token-claims for the claims of people and machines', () => {
    expect(template.Resources.UserPool?.Properties.LambdaConfig).toEqual({
      PreTokenGenerationConfig: { LambdaArn: { 'Fn::GetAtt': ['TokenDashclaimsLambdaFunction', 'Arn'] }, LambdaVersion: 'V3_0' },
    });
  });

  test('lets nobody sign up, and no client write custom:tenant', () => {
    expect(template.Resources.UserPool?.Properties.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true });
    const clients = resourcesOf(template, 'AWS::Cognito::UserPoolClient', z.looseObject({ WriteAttributes: z.array(z.string()) }));
    expect(clients).toHaveLength(1);
    for (const [, client] of clients) expect(client.WriteAttributes).not.toContain('custom:tenant');
  });
});
