import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTenantSessions } from '../runtime/tenant-sessions.ts';
import { REQUEST_LIMITS, type Table, tableOver } from './table.ts';

/** The table as one tenant's requests may use it: under credentials that open this tenant's keys and no other's. */
export type TenantTables = (tenant: string) => Table;

/**
 * Opens the table for tenants.
 *
 * @param dataRole the ARN of the role, whose policy compares the partition keys of every request with the session's tag.
 */
export function createTenantTables({ name, dataRole }: { name: string; dataRole: string }): TenantTables {
  // All tenants share its connections.
  const { requestHandler } = new DynamoDBClient({ requestHandler: REQUEST_LIMITS }).config;
  return openTenantSessions(dataRole, (credentials) => tableOver(new DynamoDBClient({ requestHandler, credentials }), name));
}
