import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type LocalDatabase, startDatabase } from '../../../local/database/database.ts';
import { writeSessionToken } from '../../../local/iam/session.ts';
import { ask } from '../../builders/raw-request.ts';

/** DynamoDB's limit for a request. */
const MAX_BODY_BYTES = 16 * 1_024 * 1_024;

let database: LocalDatabase;
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));
  database = await startDatabase(directory);
  return async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  };
});

const signed = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20200101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=a/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=a',
};
const session = { 'x-amz-security-token': writeSessionToken({ tags: {}, statements: [] }) };
const asked = (operation: string, headers: object, bytes: number) => {
  const body = '{}'.padEnd(bytes, ' ');
  const target = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
  return ask({ port: database.port, method: 'POST', headers: { ...signed, ...target, ...headers }, body });
};

test.each([
  ['a transaction', 'TransactWriteItems', {}],
  ['a transaction under a session', 'TransactWriteItems', session],
  ['a read under a session', 'Query', session],
])('%s of more than 16 MB is answered as too large, and the next one is answered too', async (_what, operation, headers) => {
  const tooLarge = await asked(operation, headers, MAX_BODY_BYTES + 1);
  expect({ status: tooLarge.status, text: tooLarge.text }).toEqual({ status: 413, text: expect.stringMatching(/TooLarge|too large|^$/i) });
  expect((await asked(operation, headers, 2)).status).not.toBe(413);
  expect((await asked('ListTables', {}, 2)).status).toBe(200);
});

test('a request of 16 MB is read', async () => {
  expect((await asked('Query', session, MAX_BODY_BYTES)).text).toContain('AccessDeniedException');
});

test('what is no JSON is answered under a session too', async () => {
  expect(await ask({ port: database.port, method: 'POST', headers: { ...signed, ...session }, body: '{' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('SerializationException'),
  });
});
