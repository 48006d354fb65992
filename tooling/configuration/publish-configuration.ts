import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { publishVersion } from '../../src/configuration/configurations.ts';
import { PublicationConflict } from '../../src/configuration/publication-conflict.ts';
import { TOTOGI_HOSTS } from '../../src/platform/totogi-hosts.ts';
import type { PublishedConfiguration } from '../../src/schemas/configuration/published-configuration.ts';
import { faultLine, isError } from './fault.ts';
import { readConfiguration } from './read-configuration.ts';
import { locationInTenant, type TenantFile } from './read-tenants.ts';

/** One line per fault. `published` is in force all the same. */
export class ConfigurationRejected extends Error {
  readonly published: Publication[];

  constructor(message: string, published: Publication[] = []) {
    super(message);
    this.published = published;
  }
}

/** `changed` says whether another version was in force before. */
export type Publication = { tenant: string; version: string; changed: boolean };

type Refused = { version: PublishedConfiguration; error: PublicationConflict };

/**
 * Checks a configuration folder and publishes one immutable version per tenant.
 *
 * @throws ConfigurationRejected if the folder has errors: then nothing is published. Warnings do not count. Also if a tenant uses what
 * another one owns in the stage: then the other tenants are published.
 */
export async function publishConfiguration(options: {
  directory: string;
  tableName: string;
  client: DynamoDBDocumentClient;
  now: () => number;
  totogiHosts?: readonly string[];
}): Promise<Publication[]> {
  const { directory, client, tableName, now, totogiHosts = TOTOGI_HOSTS } = options;
  const { published, tenants, faults } = readConfiguration(directory, totogiHosts);
  const errors = faults.filter(isError);
  if (errors.length > 0) throw new ConfigurationRejected(errors.map(faultLine).join('\n'));
  const table = { client, name: tableName };
  const { publications, refused } = await publishAll(published, (version) =>
    publishVersion(table, version, { at: new Date(now()), totogiHosts }),
  );
  if (refused.length > 0) throw new ConfigurationRejected(refused.flatMap((one) => linesOf(one, tenants)).join('\n'), publications);
  return publications;
}

/** A tenant may take over what another one of the folder releases, so rejected ones are retried as long as others are published. */
async function publishAll(versions: PublishedConfiguration[], publish: (version: PublishedConfiguration) => Promise<{ changed: boolean }>) {
  const publications: Publication[] = [];
  let refused: Refused[] = [];
  let left = versions;
  for (let isFirst = true, before = 0; isFirst || (refused.length > 0 && publications.length > before); isFirst = false) {
    before = publications.length;
    refused = [];
    for (const version of left) {
      try {
        const { changed } = await publish(version);
        publications.push({ tenant: version.configuration.tenant, version: version.version, changed });
      } catch (error) {
        if (!(error instanceof PublicationConflict)) throw error;
        refused.push({ version, error });
      }
    }
    left = refused.map(({ version }) => version);
  }
  return { publications, refused };
}

function linesOf({ version, error }: Refused, tenants: TenantFile[]): string[] {
  const tenant = tenants.find(({ configuration }) => configuration === version.configuration);
  return error.refusals.map((refusal) => (tenant ? faultLine(locationInTenant(tenant, refusal)) : refusal.fault));
}
