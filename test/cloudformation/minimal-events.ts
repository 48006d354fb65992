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
