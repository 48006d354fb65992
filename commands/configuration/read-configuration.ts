import canonicalize from 'canonicalize';
import { digest } from '../../src/schemas/event-id.ts';
import type { PublishedConfiguration, TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import { WORKFLOWS } from '../../src/schemas/workflow.ts';
import type { ConfigurationFault } from './fault.ts';
import { readTemplates, type Templates } from './read-templates.ts';
import { readTenants } from './read-tenants.ts';

const VERSION_LENGTH = 16;

/** What is ready to be put into force, and everything that stands against it. */
export type Configuration = { published: PublishedConfiguration[]; faults: ConfigurationFault[] };

/**
 * Reads and checks all of a configuration folder.
 *
 * @returns one version per tenant, named by a digest of its content: the same content is the same version.
 */
export function readConfiguration(directory: string): Configuration {
  const { tenants, faults: tenantFaults } = readTenants(directory);
  const { templates, faults: templateFaults } = readTemplates(directory);
  const published = tenants.map((configuration) => ({ version: versionOf(configuration, templates), configuration, templates }));
  const missing = tenants.flatMap((tenant) => missingTemplates(directory, tenant, templates));
  return { published, faults: [...tenantFaults, ...templateFaults, ...(templateFaults.length === 0 ? missing : [])] };
}

function versionOf(configuration: TenantConfiguration, templates: Templates['templates']): string {
  const content = canonicalize({ configuration, templates }) ?? '';
  return digest(content).toString('hex').slice(0, VERSION_LENGTH);
}

function missingTemplates(directory: string, tenant: TenantConfiguration, templates: Templates['templates']): ConfigurationFault[] {
  return WORKFLOWS.filter((workflow) => tenant.workflows[workflow].enabled)
    .map((workflow) => `${tenant.language}/${workflow}.sms`)
    .filter((name) => !Object.hasOwn(templates, name))
    .map((name) => ({
      file: `${directory}/tenants/${tenant.tenant}.yml`,
      line: 1,
      field: 'language',
      fault: `has no template ${name}.liquid, which a workflow that is on needs`,
      remedy: `Write ${directory}/templates/${name}.liquid, or switch the workflow off`,
    }));
}
