import { runTests, type TestCount } from '../parts/run-tests.ts';

/** The store's own suite, and the front doors that write and read through it. */
const contract = ['test/store', 'test/handlers', 'test/channels/message-delivery.test.ts'];

/** Runs the contract on the DynamoDB at an endpoint; answers what vitest counted. */
export function runContract(endpoint: string): Promise<TestCount> {
  return runTests('store', contract, { TEST_DYNAMODB_ENDPOINT: endpoint });
}
