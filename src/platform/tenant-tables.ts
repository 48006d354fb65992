import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TABLE_LIMITS, type Table, tableOver } from './table.ts';
import { createTenantSessions } from './tenant-sessions.ts';

export type TenantTables = (tenant: string) => Table;

/** @param dataRole the ARN of the role whose policy compares each request's partition keys with the session's tag. */
export function createTenantTables({ name, dataRole }: { name: string; dataRole: string }): TenantTables {
  // All tenants share one pool of connections.
  const { requestHandler } = new DynamoDBClient(TABLE_LIMITS).config;
  return createTenantSessions(dataRole, (credentials) =>
    tableOver(new DynamoDBClient({ ...TABLE_LIMITS, requestHandler, credentials }), name),
  );
}
