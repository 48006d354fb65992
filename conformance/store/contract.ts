import { runTests } from '../parts/run-tests.ts';
import type { TestCount } from '../parts/test-report.ts';

/** The store's own tests, and those of the handlers and channels that use it. */
const contract = ['test/store', 'test/handlers', 'test/channels/message-delivery.test.ts'];

/** Tests that DynamoDB Local does not support: they only run on the embedded database and the local IAM. */
const outside = {
  'test/store/tenant-tables.test.ts':
    'what a role’s session may read is IAM’s to say, which DynamoDB Local has not: an access key is the name of a database there, so a session sees other tables',
};

/** Runs the contract against the DynamoDB at an endpoint. */
export function runContract(endpoint: string): Promise<TestCount> {
  const leftOut = Object.keys(outside).join(',');
  return runTests('store', ['--project', 'product', ...contract], { TEST_DYNAMODB_ENDPOINT: endpoint, TEST_LEFT_OUT: leftOut });
}

export function describeOutside(): string[] {
  return Object.entries(outside).map(([file, reason]) => `not part of the contract: ${file}: ${reason}`);
}
