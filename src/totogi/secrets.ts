import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsLimits } from '../platform/aws-client.ts';
import { createTenantSessions } from '../platform/tenant-sessions.ts';

const LIMITS = awsLimits({ connect: 2_000, request: 4_000, attempts: 2 });

export type ReadSecret = (tenant: string) => Promise<string>;

/**
 * Derived from stage and tenant, so that a tenant's configuration can never name another tenant's secret. The policy of the role
 * TotogiKeysRole uses the same format.
 */
export function totogiSecretName(stage: string, tenant: string): string {
  return `totogi-notifications/${stage}/${tenant}/totogi`;
}

/**
 * Reads each tenant's secret under a session that can read only that one.
 *
 * @param keysRole the ARN of the role that may read the secrets.
 */
export function createSecretReader({ stage, keysRole }: { stage: string; keysRole: string }): ReadSecret {
  // All tenants share one pool of connections.
  const { requestHandler } = new SecretsManagerClient(LIMITS).config;
  const secretsOf = createTenantSessions(keysRole, (credentials) => new SecretsManagerClient({ ...LIMITS, requestHandler, credentials }));
  return async (tenant) => {
    const name = totogiSecretName(stage, tenant);
    const { SecretString } = await secretsOf(tenant).send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`The secret ${name} is no text.`);
    return SecretString;
  };
}
