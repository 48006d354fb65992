import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** Credentials are asked for once per tenant and hour. Beyond so many tenants the one longest unused makes room. */
const MAX_TENANTS = 200;
const SESSION_SECONDS = 3_600;
const MAX_SESSION_NAME_LENGTH = 64;
const REQUEST_LIMITS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** Gets credentials of a role under which the session is tagged with one tenant. An AWS client keeps them until shortly before they end. */
type Credentials = () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }>;

/**
 * Opens an AWS client for each tenant, under a role whose policy compares what is asked for with the session's tag `tenant`, so that what
 * a tenant's work may touch does not rest on our code alone.
 *
 * @param role the ARN of the role.
 * @param createClient makes the client of one tenant.
 */
export function openTenantSessions<Client>(role: string, createClient: (credentials: Credentials) => Client): (tenant: string) => Client {
  const sts = new STSClient({ requestHandler: REQUEST_LIMITS });
  const clients = new Map<string, Client>();

  return (tenant) => {
    const client = clients.get(tenant) ?? createClient(() => assumeRole(sts, role, tenant));
    clients.delete(tenant);
    clients.set(tenant, client);
    const [maxUnusedMs] = clients.keys();
    if (clients.size > MAX_TENANTS && maxUnusedMs !== undefined) clients.delete(maxUnusedMs);
    return client;
  };
}

async function assumeRole(sts: STSClient, RoleArn: string, tenant: string) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: `tenant-${tenant}`.slice(0, MAX_SESSION_NAME_LENGTH),
      DurationSeconds: SESSION_SECONDS,
      Tags: [{ Key: 'tenant', Value: tenant }],
    }),
  );
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !SessionToken || !Expiration) throw new Error('STS answered without credentials.');
  return { accessKeyId, secretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}
