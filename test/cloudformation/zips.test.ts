import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { machineTokenRequest, minimalEvents } from './minimal-events.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

/** A workflow holds the metadata that tell a phone from a premium number: 157 kB, where those of lengths alone are 83. */
const MAX_ZIP_BYTES = 475_000;

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
  environment: Object.fromEntries(Object.entries(Environment.Variables).map(([name, value]) => [name, deployedValue(value)])),
}));

/** A parameter is empty by default. Any other value that the stack decides when it is deployed is a role, an address or a key. */
function deployedValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return z.object({ Ref: z.string() }).safeParse(value).success ? '' : 'https://decided-when-deployed.example.com';
}

// Whatever of AWS a function calls is refused at once.
const unreachable = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_MAX_ATTEMPTS: '1',
};

// The first thing that a workflow does is to write down where it stands.
const checkpointRejected = { thrown: expect.stringContaining('ECONNREFUSED') };

// What each function answers to the least that it is sent, with nothing of AWS within reach.
const answers: Record<string, unknown> = {
  'consume-notifications': { batchItemFailures: [] },
  ...Object.fromEntries(WORKFLOWS.map((workflow) => [workflow, checkpointRejected])),
  replay: checkpointRejected,
  'profiles-api': expect.objectContaining({ statusCode: 403 }),
  'demo-api': expect.objectContaining({ statusCode: 403 }),
  'operations-api': expect.objectContaining({ statusCode: 400, body: expect.stringContaining('id') }),
  'dead-letters-api': expect.objectContaining({ statusCode: 400, body: expect.stringContaining('reserved tenant') }),
  'offers-api': expect.objectContaining({ statusCode: 403 }),
  'lookup-api': expect.objectContaining({ statusCode: 400, body: expect.stringContaining('limit') }),
  'api-documents': expect.objectContaining({ statusCode: 200 }),
  'record-email-receipts': { batchItemFailures: [] },
  'pause-marketing': { batchItemFailures: [] },
  'record-sms-receipts': null,
  'take-sms-replies': { batchItemFailures: [] },
  'public-pages': expect.objectContaining({ statusCode: 404, body: expect.stringContaining('This link does not work') }),
  'offer-pages': expect.objectContaining({ statusCode: 404, body: expect.stringContaining('This link does not work') }),
  'token-claims': { ...machineTokenRequest, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: {} } } },
};

describe.for(functions)('the zip of $key', ({ key, zip, module, environment }) => {
  const packed = readFileSync(zip);
  const files = unzipSync(packed);

  test('holds one file, the handler', () => {
    expect(Object.keys(files)).toEqual([module]);
  });

  test('is at most 475 kB', () => {
    expect(packed.length).toBeLessThanOrEqual(MAX_ZIP_BYTES);
  });

  test('loads and answers in a bare folder', async () => {
    const event = minimalEvents[key];
    const folder = mkdtempSync(join(tmpdir(), 'bare-'));
    try {
      mkdirSync(join(folder, dirname(module)), { recursive: true });
      writeFileSync(join(folder, module), files[module] ?? '');
      expect(Object.keys(answers)).toContain(key);
      expect(await invokeIn(folder, { module, event, environment })).toEqual(answers[key]);
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
