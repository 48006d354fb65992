import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { unlistedHosts } from '../../../src/configuration/unlisted-hosts.ts';
import { reachOf } from '../../../src/platform/totogi-hosts.ts';
import type { TenantConfiguration } from '../../../src/schemas/configuration/tenant-configuration.ts';
import { createAccessTokens, parseCredentials, type TokenSource } from '../../../src/totogi/access-tokens.ts';
import { accessOf } from '../../../src/totogi/client.ts';
import { listedHosts } from '../../totogi-hosts.ts';
import { CannotCheck, unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

const SHAPE = '{"key":"<key>","secret":"<secret>"}';

export const totogiKeys: Check = {
  name: 'totogi-keys',
  looksAt: "each tenant's Totogi key and secret, and whether Totogi accepts them",
  why: 'Without a token Totogi cannot be asked or told: offers with an audience are not made, and accepted offers are not activated.',
  run: async (setup) => {
    const hosts = listedHosts(await setup.stack());
    const found = await Promise.all(setup.tenants().map((tenant) => checkTenant(setup, tenant, hosts)));
    return found.flat();
  },
};

async function checkTenant(setup: Setup, configuration: TenantConfiguration, hosts: readonly string[]): Promise<Finding[]> {
  const { tenant, totogi } = configuration;
  if (!totogi) return [fine(tenant, 'is configured without Totogi')];
  const [unlisted] = setup.totogiUrl === undefined ? unlistedHosts(configuration, hosts) : [];
  if (unlisted)
    return [fault(tenant, `${unlisted.path.join('.')} ${unlisted.fault}, so no key is sent there`, remedyForHosts(setup, tenant))];
  const { aws, stage, totogiUrl, command } = setup;
  const source = accessOf(tenant, totogi, { stage, url: totogiUrl });
  const named = ['--secret-string', SHAPE];
  const put = command('secretsmanager', 'put-secret-value', '--secret-id', source.secretName, ...named);
  const found = await unlessMissing(aws.secrets.send(new GetSecretValueCommand({ SecretId: source.secretName })));
  if (!found) {
    const create = command('secretsmanager', 'create-secret', '--name', source.secretName, ...named);
    return [fault(tenant, `there is no secret ${source.secretName}`, create)];
  }
  const text = found.SecretString ?? '';
  if (!parseCredentials(text)) return [fault(tenant, `the secret ${source.secretName} does not have the form ${SHAPE}`, put)];
  return [
    (await givesToken(setup, { source, hosts }, text))
      ? fine(tenant, `Totogi accepts the secret ${source.secretName}`)
      : fault(tenant, `${source.tokenUrl} rejects the secret ${source.secretName}`, put),
  ];
}

function remedyForHosts({ publish }: Setup, tenant: string): string {
  return `# take the address out of config/operations/${tenant}.yml, or deploy with --param="totogiHosts=…", then: ${publish()}`;
}

/** @throws CannotCheck if Totogi was not reached or gave no clear answer. */
async function givesToken(
  { now, totogiUrl }: Setup,
  { source, hosts }: { source: TokenSource; hosts: readonly string[] },
  secret: string,
): Promise<boolean> {
  try {
    const mayReach = reachOf(hosts, totogiUrl);
    await createAccessTokens(async () => secret, { now, mayReach }).get(source);
    return true;
  } catch (error) {
    if (isRejection(error)) return false;
    throw new CannotCheck(`${source.tokenUrl} cannot be reached, or gave no clear answer`, {
      cause: error,
    });
  }
}

/** Totogi's own rejection. If Totogi was not reached, the connection's error is the cause. */
function isRejection(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TotogiNotDone') return false;
  return error.cause === undefined || isRejection(error.cause);
}
