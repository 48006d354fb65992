import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../../local/aws-endpoint.ts';
import { place } from '../../../local/aws-scope.ts';
import type { AwsRequest } from '../../../local/http-server.ts';
import { type HttpServer, openHttpServer, readBody, sendReply } from '../../../local/http-server.ts';
import { createPermits, type Permits } from '../../../local/iam/permits.ts';
import { createSts } from '../../../local/iam/sts.ts';
import { readPackagedStack } from '../../../local/template/packaged-stack.ts';
import { createTenantSessions } from '../../../src/platform/tenant-sessions.ts';
import { createSecretReader, totogiSecretName } from '../../../src/totogi/secrets.ts';

const FORM = 'application/x-www-form-urlencoded';
const nothing = () => undefined;

let server: HttpServer;
let permits: Permits;
let keysRole: string;

beforeAll(async () => {
  const stack = await readPackagedStack(place);
  const roles = Object.fromEntries(stack.functions.map(({ key, role }) => [key, role]));
  keysRole = stack.dataRoles.find(({ arn }) => arn.includes('totogi-keys'))?.arn ?? '';
  permits = createPermits(roles);
  const sts = createSts({ roles: stack.dataRoles, callers: roles, now: () => Date.now() });
  const parts = {
    putEvents: () => ({ status: 200 as const, body: { FailedEntryCount: 0, Entries: [] } }),
    sqs: () => ({ status: 500, body: '' }),
  };
  const none = { lambda: async () => undefined, sns: nothing, ses: async () => undefined, dynamoDbPort: 0 };
  server = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  server.serve(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await readBody(request, 100_000);
    sendReply(response, await answer({ method, url, headers, body }, { ...parts, ...none, sts, permits }));
  });
  const url = `http://127.0.0.1:${server.port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL_STS: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: url, AWS_REGION: place.region });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
});
afterAll(() => server.close());

describe('a run', () => {
  test('reads the key of its own tenant', async () => {
    expect(await createSecretReader({ stage: 'local', keysRole })('mvno-a')).toBe('{"key":"local","secret":"local"}');
  });

  test.each(['mvno-b', 'mvno-a2', 'Mvno-a', '*'])('of mvno-a reads no key of %s', async (other) => {
    const clients = createTenantSessions(keysRole, (credentials) => new SecretsManagerClient({ credentials }));
    const request = clients('mvno-a').send(new GetSecretValueCommand({ SecretId: totogiSecretName('local', other) }));
    await expect(request).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

function asked(functionKey: string, request: Partial<AwsRequest> & { text?: string }): boolean {
  const { text = '{}', headers, ...rest } = request;
  const trace = `Root=request-1;Function=${functionKey}`;
  return permits({ method: 'POST', url: '/', ...rest, headers: { ...headers, 'x-amzn-trace-id': trace }, body: Buffer.from(text) });
}

const publish = (to: string) => ({
  headers: { 'content-type': FORM },
  text: new URLSearchParams({ Action: 'Publish', ...address(to) }).toString(),
});
const address = (to: string) => (to.startsWith('+') ? { PhoneNumber: to } : { TopicArn: to });
const send = (queue: string) => ({
  headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
  text: JSON.stringify({ QueueUrl: `http://localhost/000000000000/totogi-notifications-local-${queue}` }),
});
const mail = (from: string) => ({
  headers: { 'content-type': FORM },
  text: new URLSearchParams({ Action: 'SendRawEmail', Source: from }).toString(),
});
const invoke = (name: string) => ({ url: `/2015-03-31/functions/totogi-notifications-local-${name}/invocations?Qualifier=durable` });
const secret = {
  headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
  text: JSON.stringify({ SecretId: totogiSecretName('local', 'mvno-a') }),
};

describe('a function', () => {
  test.each([
    ['credit-alert', 'texts a number', publish('+14155550101'), true],
    ['credit-alert', 'publishes to no topic', publish('arn:aws:sns:us-east-1:000000000000:topic'), false],
    ['consume-notifications', 'texts nobody', publish('+14155550101'), false],
    ['credit-alert', 'mails', mail('care@aurora.example'), true],
    ['rollover', 'mails nobody', mail('care@aurora.example'), false],
    ['credit-alert', 'reads no key without a tenant', secret, false],
    ['consume-notifications', 'starts a workflow', invoke('welcome'), true],
    ['consume-notifications', 'starts no replay', invoke('replay'), false],
    ['welcome', 'starts no workflow', invoke('welcome'), false],
    ['operations-api', 'redrives to the consumer', send('consume-notifications'), true],
    ['operations-api', 'sends to no other queue', send('pause-marketing'), false],
  ] as const)('%s %s', (key, _what, request, allowed) => {
    expect(asked(key, request)).toBe(allowed);
  });
});
