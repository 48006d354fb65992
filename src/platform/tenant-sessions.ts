import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { awsLimits } from './aws-client.ts';
import { HOUR } from './duration.ts';

/** Clients in the cache, which saves an AssumeRole per request. The least recently used one is dropped. */
const MAX_TENANTS = 200;
const SESSION_SECONDS = HOUR / 1_000;
const MAX_SESSION_NAME_LENGTH = 64;

/** The session is tagged with one tenant. An AWS client renews the credentials shortly before they expire. */
type Credentials = () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }>;

/**
 * Creates an AWS client per tenant, under a role whose policy compares each request with the session's tag `tenant`, so that isolation does
 * not depend on our code alone.
 *
 * @param role the ARN of the role.
 * @param createClient creates the client of one tenant.
 */
export function createTenantSessions<Client>(role: string, createClient: (credentials: Credentials) => Client): (tenant: string) => Client {
  const sts = new STSClient(awsLimits({ request: 3_000 }));
  const clients = new Map<string, Client>();

  return (tenant) => {
    const client = clients.get(tenant) ?? createClient(() => assumeRole(sts, role, tenant));
    clients.delete(tenant);
    clients.set(tenant, client);
    const [leastRecentlyUsed] = clients.keys();
    if (clients.size > MAX_TENANTS && leastRecentlyUsed !== undefined) clients.delete(leastRecentlyUsed);
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
