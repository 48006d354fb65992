import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { REQUEST_LIMITS, type Table, tableOver } from './table.ts';

/** The table as one tenant's requests may use it: under credentials that open this tenant's keys and no other's. */
export type TenantTables = (tenant: string) => Table;

/** Credentials are asked for once per tenant and hour. Beyond so many tenants the one longest unused makes room. */
const MOST_TENANTS = 200;
const SESSION_SECONDS = 3_600;
const LONGEST_SESSION_NAME = 64;

/**
 * Opens the table for tenants. The role's policy compares the partition keys of every request with the session's tag `tenant`, so that
 * what a tenant's request may touch does not rest on our code alone.
 *
 * @param dataRole the ARN of the role.
 */
export function openTenantTables({ name, dataRole }: { name: string; dataRole: string }): TenantTables {
  const sts = new STSClient({ requestHandler: REQUEST_LIMITS });
  // All tenants share its connections.
  const { requestHandler } = new DynamoDBClient({ requestHandler: REQUEST_LIMITS }).config;
  const tables = new Map<string, Table>();

  return (tenant) => {
    // The client keeps the credentials, and asks for new ones some minutes before they end.
    const credentials = () => assumeRole(sts, dataRole, tenant);
    const table = tables.get(tenant) ?? tableOver(new DynamoDBClient({ requestHandler, credentials }), name);
    tables.delete(tenant);
    tables.set(tenant, table);
    const [longestUnused] = tables.keys();
    if (tables.size > MOST_TENANTS && longestUnused !== undefined) tables.delete(longestUnused);
    return table;
  };
}

async function assumeRole(sts: STSClient, RoleArn: string, tenant: string) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: `tenant-${tenant}`.slice(0, LONGEST_SESSION_NAME),
      DurationSeconds: SESSION_SECONDS,
      Tags: [{ Key: 'tenant', Value: tenant }],
    }),
  );
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !SessionToken || !Expiration) throw new Error('STS answered without credentials.');
  return { accessKeyId, secretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}
