import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { publishConfiguration as publishVersion } from '../../src/store/configurations.ts';
import { faultLine, isError } from './fault.ts';
import { readConfiguration } from './read-configuration.ts';

/** What a configuration that does not hold is refused with: one line per fault. */
export class ConfigurationRefused extends Error {}

/** A tenant's version now in force, and whether it was another one before. */
export type Publication = { tenant: string; version: string; changed: boolean };

/**
 * Checks a configuration folder and puts it into force, one immutable version per tenant.
 *
 * @throws ConfigurationRefused when anything in the folder does not hold: then nothing is published. Warnings stand in no way.
 */
export async function publishConfiguration(options: {
  directory: string;
  tableName: string;
  client: DynamoDBDocumentClient;
  now: () => number;
}): Promise<Publication[]> {
  const { published, faults } = readConfiguration(options.directory);
  const errors = faults.filter(isError);
  if (errors.length > 0) throw new ConfigurationRefused(errors.map(faultLine).join('\n'));
  const publications: Publication[] = [];
  for (const version of published) {
    const { changed } = await publishVersion({ client: options.client, name: options.tableName }, version, new Date(options.now()));
    publications.push({ tenant: version.configuration.tenant, version: version.version, changed });
  }
  return publications;
}
