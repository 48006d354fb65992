import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { FALLBACK_LIMIT } from '../../src/schemas/api/public-routes.ts';
import { type Route, routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES } from '../../src/schemas/api/routes.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

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
  z.looseObject({
    RouteKey: z.string(),
    AuthorizationType: z.unknown().optional(),
    AuthorizationScopes: z.unknown().optional(),
    Target: z.unknown(),
  }),
).map(([, route]) => route);

/** The function that a route's integration calls, by its file. */
function functionOf(target: unknown): string | undefined {
  const integration = resourcesOf(template, 'AWS::ApiGatewayV2::Integration', z.looseObject({ IntegrationUri: z.unknown() })).find(([id]) =>
    JSON.stringify(target).includes(`"${id}"`),
  );
  const functions = resourcesOf(template, 'AWS::Lambda::Function', z.looseObject({ FunctionName: z.string() }));
  const called = functions.find(([id]) => JSON.stringify(integration?.[1].IntegrationUri).includes(`"${id}"`));
  return called?.[1].FunctionName.replace('totogi-notifications-dev-', '');
}

const NO_VALUE = { Ref: 'AWS::NoValue' };
const unlessOpened = ({ openedBy }: Route, scopes: string[] | undefined) =>
  openedBy === undefined ? scopes : { 'Fn::If': ['DemoIsOpen', NO_VALUE, scopes] };

describe('the HTTP API', () => {
  test('asks for a token wherever it asks for a scope', () => {
    for (const route of routes.filter(({ AuthorizationScopes }) => Array.isArray(AuthorizationScopes))) {
      expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: { Ref: 'HttpApiAuthorizerTokens' } });
    }
  });

  test('opens the route of the demo by a parameter alone, and then keeps nothing of the authorizer', () => {
    expect(routes.filter(({ AuthorizationScopes }) => AuthorizationScopes !== undefined && !Array.isArray(AuthorizationScopes))).toEqual([
      expect.objectContaining({
        RouteKey: 'GET /notifications',
        AuthorizationType: { 'Fn::If': ['DemoIsOpen', 'NONE', 'JWT'] },
        AuthorizerId: { 'Fn::If': ['DemoIsOpen', NO_VALUE, { Ref: 'HttpApiAuthorizerTokens' }] },
      }),
    ]);
    expect(template.Conditions.DemoIsOpen).toEqual({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'DemoTenant' }, ''] }] });
    expect(template.Parameters.DemoTenant).toMatchObject({ Default: '', AllowedPattern: expect.not.stringContaining('*)') });
  });

  // Without a scope on the route the authorizer would let an ID token pass.
  test('has the declared routes and no other, each with its function and its scope, with and without the prefix of Cognito', () => {
    const declared = Object.values(ROUTES).map((route: Route) => ({
      key: routeKey(route),
      servedBy: route.servedBy,
      scopes: unlessOpened(route, route.scope && [route.scope, `totogi-notifications/${route.scope}`]),
    }));
    const byKey = (left: { key: string }, right: { key: string }) => (left.key < right.key ? -1 : 1);
    const deployed = routes.map((route) => ({
      key: route.RouteKey,
      servedBy: functionOf(route.Target),
      scopes: route.AuthorizationScopes,
    }));
    const fallback = { key: '$default', servedBy: 'api-documents', scopes: undefined };
    expect(deployed.toSorted(byKey)).toEqual([...declared, fallback].toSorted(byKey));
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

  test('throttles the dear routes and the public ones as they are declared, once they are there', () => {
    const declared = Object.values(ROUTES).flatMap((route: Route) => (route.limit ? [{ key: routeKey(route), ...route.limit }] : []));
    const limited = [...declared, { key: '$default', ...FALLBACK_LIMIT }];
    expect(limited.length).toBeGreaterThan(2);
    expect(template.Resources.HttpApiStage?.Properties.RouteSettings).toEqual(
      Object.fromEntries(
        limited.map(({ key, perSecond, atOnce }) => [key, { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: atOnce }]),
      ),
    );
    for (const { key } of limited) {
      const [id] = Object.entries(template.Resources).find(([, { Properties }]) => Properties.RouteKey === key) ?? [];
      expect(template.Resources.HttpApiStage?.DependsOn).toContain(id);
    }
  });

  test('leaves the rate of the stage to routes that ask for a token', () => {
    const open = Object.values(ROUTES).filter((route: Route) => route.scope === undefined || route.openedBy !== undefined);
    expect(open.filter((route: Route) => route.limit === undefined)).toEqual([]);
  });

  test('lets pages of the given origins call it, and of no other', () => {
    expect(template.Parameters.AllowedOrigins).toMatchObject({ Type: 'CommaDelimitedList', Default: '' });
    expect(template.Resources.HttpApi?.Properties.CorsConfiguration).toEqual({
      'Fn::If': ['OriginsAreAllowed', expect.objectContaining({ AllowOrigins: { Ref: 'AllowedOrigins' } }), { Ref: 'AWS::NoValue' }],
    });
  });

  test('wants the audiences of a given issuer named', () => {
    expect(template.Rules?.AudienceComesWithIssuer).toMatchObject({
      RuleCondition: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'JwtIssuer' }, ''] }] },
      Assertions: [{ Assert: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'JwtAudience' }, ''] }] } }],
    });
  });

  test('signs cursors with a key that only the stack knows, the one before still believed', () => {
    expect(template.Resources.CursorKey).toMatchObject({
      Type: 'AWS::SecretsManager::Secret',
      Properties: { GenerateSecretString: { GenerateStringKey: 'current', PasswordLength: 64 } },
    });
    const resolve = (key: string) => `{{resolve:secretsmanager:\${CursorKey}:SecretString:${key}}}`;
    expect(template.Resources.LookupDashapiLambdaFunction?.Properties.Environment).toMatchObject({
      Variables: { CURSOR_KEYS: { 'Fn::Sub': `${resolve('current')},${resolve('previous')}` }, CURSOR_KEY_VERSION: '1' },
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
