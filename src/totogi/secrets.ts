import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { openTenantSessions } from '../runtime/tenant-sessions.ts';

const REQUEST_LIMITS = { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true };

export type ReadSecret = (tenant: string) => Promise<string>;

/**
 * The name of the secret that holds key and secret for a tenant's Totogi. It follows from stage, tenant and purpose: what a tenant's
 * configuration says can never name another tenant's. The policy of the role TotogiKeysRole spells it the same way.
 */
export function totogiSecretName(stage: string, tenant: string): string {
  return `totogi-notifications/${stage}/${tenant}/totogi`;
}

/**
 * Reads tenants' secrets from AWS Secrets Manager, each under a session that opens this tenant's and no other's.
 *
 * @param keysRole the ARN of the role that may read them.
 */
export function createSecretReader({ stage, keysRole }: { stage: string; keysRole: string }): ReadSecret {
  // All tenants share its connections.
  const { requestHandler } = new SecretsManagerClient({ requestHandler: REQUEST_LIMITS }).config;
  const secretsOf = openTenantSessions(
    keysRole,
    (credentials) => new SecretsManagerClient({ maxAttempts: 2, requestHandler, credentials }),
  );
  return async (tenant) => {
    const name = totogiSecretName(stage, tenant);
    const { SecretString } = await secretsOf(tenant).send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`The secret ${name} is no text.`);
    return SecretString;
  };
}
