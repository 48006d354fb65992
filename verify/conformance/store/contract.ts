import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import { TOOLS } from '../../../vitest.config.ts';
import { runTests } from '../parts/run-tests.ts';
import type { TestCount } from '../parts/test-report.ts';

/** Tests that DynamoDB Local does not support: they only run on the embedded database and the local IAM. */
const outside = {
  'test/platform/tenant-tables.test.ts':
    'what a role’s session may read is IAM’s to say, which DynamoDB Local has not: an access key is the name of a database there, so a session sees other tables',
  'test/messaging/take-text-slots.test.ts':
    'its bursts call the claims without the retries of a step, and DynamoDB Local is slow enough on a busy machine for a claim to give up and be retried',
};

/** The product's tests that open the table by `test/builders/table.ts`, which opens it in DynamoDB Local here. */
function contract(): string[] {
  const root = fileURLToPath(projectDirectory);
  return globSync('test/**/*.test.ts', { cwd: root, exclude: TOOLS }).filter((file) =>
    readFileSync(`${root}/${file}`, 'utf8').includes("/builders/table.ts'"),
  );
}

/** Runs the contract against the DynamoDB at an endpoint. */
export function runContract(endpoint: string): Promise<TestCount> {
  const leftOut = Object.keys(outside).join(',');
  return runTests('store', ['--project', 'product', ...contract()], { TEST_DYNAMODB_ENDPOINT: endpoint, TEST_LEFT_OUT: leftOut });
}

export function describeOutside(): string[] {
  return Object.entries(outside).map(([file, reason]) => `not part of the contract: ${file}: ${reason}`);
}
