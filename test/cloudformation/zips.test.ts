import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { WORKFLOWS } from '../../src/schemas/workflow.ts';
import { logBatch } from '../builders/receipts.ts';
import { emptyBatch, firstRun, httpRequest, machineTokenRequest } from './minimal-events.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

const MOST_ZIP_BYTES = 350_000;

const functions = resourcesOf(
  serviceTemplate(),
  'AWS::Lambda::Function',
  z.looseObject({
    Handler: z.string(),
    Code: z.looseObject({ S3Key: z.string() }),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  }),
).map(([, { Handler, Code, Environment }]) => ({
  key: basename(Code.S3Key, '.zip'),
  zip: join('.serverless', basename(Code.S3Key)),
  module: Handler.replace(/\.handler$/, '.js'),
  // The one value that the stack decides when it is deployed is empty by default.
  environment: Object.fromEntries(
    Object.entries(Environment.Variables).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  ),
}));

// Whatever of AWS a function calls is refused at once.
const unreachable = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_MAX_ATTEMPTS: '1',
};

const start = firstRun({ tenant: 'mvno-aurora', account: '15550100', eventId: '01K8XK9M3QZ5J6W7V8N9P0R1S2' });
// The first thing that a workflow does is to write down where it stands.
const checkpointRefused = { thrown: expect.stringContaining('ECONNREFUSED') };

// What each function is sent, and what it answers with nothing of AWS within reach.
const invocations: Record<string, { event: unknown; answers: unknown }> = {
  'consume-notifications': { event: emptyBatch, answers: { batchItemFailures: [] } },
  ...Object.fromEntries(WORKFLOWS.map((workflow) => [workflow, { event: start, answers: checkpointRefused }])),
  replay: { event: firstRun({ tenant: 'mvno-aurora', replay: '01K8XK9M3QZ5J6W7V8N9P0R1S2', part: 1 }), answers: checkpointRefused },
  'profiles-api': {
    event: httpRequest({
      route: 'GET /v1/tenants/{tenant}/accounts/{account}/profile',
      path: '/v1/tenants/mvno-aurora/accounts/acc-1/profile',
      pathParameters: { tenant: 'mvno-other', account: 'acc-1' },
    }),
    answers: expect.objectContaining({ statusCode: 403 }),
  },
  'demo-api': {
    event: httpRequest({ route: 'GET /notifications', path: '/notifications', query: { providerId: 'mvno-other', accountId: 'acc-1' } }),
    answers: expect.objectContaining({ statusCode: 403 }),
  },
  'operations-api': {
    event: httpRequest({
      route: 'POST /v1/tenants/{tenant}/quarantine/{id}/discard',
      path: '/v1/tenants/mvno-aurora/quarantine/short/discard',
      pathParameters: { tenant: 'mvno-aurora', id: 'short' },
    }),
    answers: expect.objectContaining({ statusCode: 400, body: expect.stringContaining('id') }),
  },
  'dead-letters-api': {
    event: httpRequest({
      route: 'GET /v1/tenants/{tenant}/dead-letters',
      path: '/v1/tenants/mvno-aurora/dead-letters',
      pathParameters: { tenant: 'mvno-aurora' },
    }),
    answers: expect.objectContaining({ statusCode: 400, body: expect.stringContaining('reserved tenant') }),
  },
  'offers-api': {
    event: httpRequest({
      route: 'GET /v1/tenants/{tenant}/offers',
      path: '/v1/tenants/mvno-aurora/offers',
      pathParameters: { tenant: 'mvno-other' },
    }),
    answers: expect.objectContaining({ statusCode: 403 }),
  },
  'lookup-api': {
    event: httpRequest({
      route: 'GET /v1/tenants/{tenant}/events',
      path: '/v1/tenants/mvno-aurora/events',
      pathParameters: { tenant: 'mvno-aurora' },
      query: { limit: '0' },
    }),
    answers: expect.objectContaining({ statusCode: 400, body: expect.stringContaining('limit') }),
  },
  'api-documents': {
    event: httpRequest({ route: 'GET /openapi.json', path: '/openapi.json' }),
    answers: expect.objectContaining({ statusCode: 200 }),
  },
  'record-email-receipts': { event: emptyBatch, answers: { batchItemFailures: [] } },
  'stop-marketing': { event: emptyBatch, answers: { batchItemFailures: [] } },
  'record-sms-receipts': { event: logBatch([], 'CONTROL_MESSAGE'), answers: null },
  'take-sms-replies': { event: emptyBatch, answers: { batchItemFailures: [] } },
  'public-pages': {
    event: httpRequest({ route: 'GET /u/{token}', path: '/u/short', pathParameters: { token: 'short' } }),
    answers: expect.objectContaining({ statusCode: 404, body: expect.stringContaining('This link does not work') }),
  },
  'offer-pages': {
    event: httpRequest({ route: 'GET /o/{token}', path: '/o/short', pathParameters: { token: 'short' } }),
    answers: expect.objectContaining({ statusCode: 404, body: expect.stringContaining('This link does not work') }),
  },
  'token-claims': {
    event: machineTokenRequest,
    answers: { ...machineTokenRequest, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: {} } } },
  },
};

describe.for(functions)('the zip of $key', ({ key, zip, module, environment }) => {
  const packed = readFileSync(zip);
  const files = unzipSync(packed);

  test('holds one file, the handler', () => {
    expect(Object.keys(files)).toEqual([module]);
  });

  test('is at most 350 kB', () => {
    expect(packed.length).toBeLessThanOrEqual(MOST_ZIP_BYTES);
  });

  test('loads and answers in a bare folder', async () => {
    const { event, answers } = invocations[key] ?? { event: undefined, answers: 'no event is written down for this function' };
    const folder = mkdtempSync(join(tmpdir(), 'bare-'));
    try {
      mkdirSync(join(folder, dirname(module)), { recursive: true });
      writeFileSync(join(folder, module), files[module] ?? '');
      expect(await invokeIn(folder, { module, event, environment })).toEqual(answers);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

// Runs in the bare folder. A file takes the answer, since standard output belongs to the logger.
const runner = `
  const { handler } = require(process.argv[1]);
  const answer = (value = null) => require('node:fs').writeFileSync('answer.json', JSON.stringify(value));
  const context = { awsRequestId: 'request-1', functionName: 'bare', functionVersion: '1', getRemainingTimeInMillis: () => 10000 };
  handler(JSON.parse(process.argv[2]), context).then(answer, (error) => answer({ thrown: error.name + ': ' + error.message }));
`;

async function invokeIn(
  folder: string,
  invocation: { module: string; event: unknown; environment: Record<string, string> },
): Promise<unknown> {
  const { module, event, environment } = invocation;
  await promisify(execFile)(process.execPath, ['--eval', runner, `./${module}`, JSON.stringify(event)], {
    cwd: folder,
    env: { ...environment, ...unreachable },
  });
  return JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8'));
}
