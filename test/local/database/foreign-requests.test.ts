import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type LocalDatabase, startDatabase } from '../../../local/database/database.ts';
import { ask, FOREIGN, OWN } from '../../builders/raw-request.ts';

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
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  'x-amz-date': '20200101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=a/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=a',
};
const transaction = { ...signed, 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' };
const asked = (headers: Record<string, string>, method = 'POST') => ask({ port: database.port, method, headers, body: '{}' });

function allowances(headers: object): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control'));
}

test.each(FOREIGN)('the database refuses a request whose %s is "%s", transactions and OPTIONS too', async (header, value) => {
  for (const reply of [
    await asked({ ...signed, [header]: value }),
    await asked({ ...transaction, [header]: value }),
    await asked({ [header]: value, 'access-control-request-method': 'POST' }, 'OPTIONS'),
    await asked({ [header]: value }, 'GET'),
  ]) {
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.text).not.toContain('TableNames');
    expect(allowances(reply.headers)).toEqual([]);
  }
});

test.each(OWN)('the database answers this machine, and no page may read it: %o', async (headers) => {
  const reply = await asked({ ...signed, ...headers });
  expect(reply).toMatchObject({ status: 200, text: '{"TableNames":[]}' });
  expect(allowances(reply.headers)).toEqual([]);
});

test('the database answers no OPTIONS', async () => {
  const reply = await asked({ origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }, 'OPTIONS');
  expect(reply.status).toBe(405);
  expect(allowances(reply.headers)).toEqual([]);
});
