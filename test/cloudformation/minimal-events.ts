import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { logBatch } from '../builders/receipts.ts';

/** The least that each trigger sends, in the form AWS sends it. */

export const emptyBatch = { Records: [] };

type HttpRequest = { route: string; path: string; pathParameters?: Record<string, string>; query?: Record<string, string> };

/** A GET as an HTTP API (payload 2.0) hands it on after its authorizer let it pass. */
export function httpRequest({ route, path, pathParameters = {}, query = {} }: HttpRequest) {
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    queryStringParameters: query,
    headers: { accept: '*/*' },
    pathParameters,
    isBase64Encoded: false,
    requestContext: {
      accountId: '111122223333',
      apiId: 'api',
      authorizer: { jwt: { claims: { tenant: 'mvno-aurora', scope: 'events:read' }, scopes: ['events:read'] } },
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'none' },
      requestId: 'request-1',
      routeKey: route,
      stage: '$default',
      time: '01/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_793_491_200_000,
    },
  };
}

/** The first invocation of a durable execution. */
export function firstRun(payload: unknown) {
  return {
    DurableExecutionArn: 'arn:aws:lambda:us-east-1:111122223333:function:workflow:1/durable-execution/name/run',
    CheckpointToken: 'token',
    InitialExecutionState: {
      Operations: [
        {
          Id: 'execution',
          Type: 'EXECUTION',
          Status: 'STARTED',
          StartTimestamp: 1_793_491_200_000,
          ExecutionDetails: { InputPayload: JSON.stringify(payload) },
        },
      ],
      NextMarker: '',
    },
  };
}

/** Cognito's question, version 3, before it gives a machine client its access token. */
export const machineTokenRequest = {
  version: '3',
  triggerSource: 'TokenGeneration_ClientCredentials',
  region: 'us-east-1',
  userPoolId: 'us-east-1_pool',
  userName: 'client-1',
  callerContext: { awsSdkVersion: 'none', clientId: 'client-1' },
  request: { userAttributes: {}, groupConfiguration: {}, scopes: ['totogi-notifications/events:read'] },
  response: {},
};

const start = { tenant: 'mvno-aurora', account: '15550100', eventId: '01K8XK9M3QZ5J6W7V8N9P0R1S2' };

/** The least that makes each function answer, by function key. */
export const minimalEvents: Record<string, unknown> = {
  'consume-notifications': emptyBatch,
  ...Object.fromEntries(WORKFLOWS.map((workflow) => [workflow, firstRun(start)])),
  replay: firstRun({ tenant: 'mvno-aurora', replay: '01K8XK9M3QZ5J6W7V8N9P0R1S2', part: 1 }),
  'profiles-api': httpRequest({
    route: 'GET /v1/tenants/{tenant}/accounts/{account}/profile',
    path: '/v1/tenants/mvno-aurora/accounts/acc-1/profile',
    pathParameters: { tenant: 'mvno-other', account: 'acc-1' },
  }),
  'demo-api': httpRequest({ route: 'GET /notifications', path: '/notifications', query: { providerId: 'mvno-other', accountId: 'acc-1' } }),
  'operations-api': httpRequest({
    route: 'POST /v1/tenants/{tenant}/quarantine/{id}/discard',
    path: '/v1/tenants/mvno-aurora/quarantine/short/discard',
    pathParameters: { tenant: 'mvno-aurora', id: 'short' },
  }),
  'dead-letters-api': httpRequest({
    route: 'GET /v1/tenants/{tenant}/dead-letters',
    path: '/v1/tenants/mvno-aurora/dead-letters',
    pathParameters: { tenant: 'mvno-aurora' },
  }),
  'offers-api': httpRequest({
    route: 'GET /v1/tenants/{tenant}/offers',
    path: '/v1/tenants/mvno-aurora/offers',
    pathParameters: { tenant: 'mvno-other' },
  }),
  'lookup-api': httpRequest({
    route: 'GET /v1/tenants/{tenant}/events',
    path: '/v1/tenants/mvno-aurora/events',
    pathParameters: { tenant: 'mvno-aurora' },
    query: { limit: '0' },
  }),
  'api-documents': httpRequest({ route: 'GET /openapi.json', path: '/openapi.json' }),
  'record-email-receipts': emptyBatch,
  'pause-marketing': emptyBatch,
  'record-sms-receipts': logBatch([], 'CONTROL_MESSAGE'),
  'take-sms-replies': emptyBatch,
  'public-pages': httpRequest({ route: 'GET /u/{token}', path: '/u/short', pathParameters: { token: 'short' } }),
  'offer-pages': httpRequest({ route: 'GET /o/{token}', path: '/o/short', pathParameters: { token: 'short' } }),
  'token-claims': machineTokenRequest,
};
