import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { unlistedHosts } from '../../src/configuration/unlisted-hosts.ts';
import { digest } from '../../src/platform/hash.ts';
import { TOTOGI_HOSTS } from '../../src/platform/totogi-hosts.ts';
import type { PublishedConfiguration } from '../../src/schemas/configuration/published-configuration.ts';
import type { Offer } from '../../src/schemas/offer/offer.ts';
import { checkOwnership } from './check-ownership.ts';
import { checkRendering } from './check-rendering.ts';
import { checkTenant } from './check-tenant.ts';
import type { ConfigurationFault } from './fault.ts';
import { missingTemplates } from './needed-templates.ts';
import { classFaults } from './one-class.ts';
import { readOffers, strayOffers } from './read-offers.ts';
import { readTemplates, type Templates } from './read-templates.ts';
import { locationInTenant, readTenants, strayOperations, type TenantFile } from './read-tenants.ts';
import { ownWordsOf } from './sample-messages.ts';

const VERSION_LENGTH = 16;

export type Configuration = { published: PublishedConfiguration[]; tenants: TenantFile[]; faults: ConfigurationFault[]; templates: number };

/**
 * Reads and checks a whole configuration folder: `tenants/<tenant>.yml` and `operations/<tenant>.yml`, the templates that all tenants share
 * in `templates/`, those of one tenant in `tenants/<tenant>/templates/`, which override the shared ones of the same name, and its offers in
 * `offers/<tenant>.yml`.
 *
 * @param totogiHosts the allowed hosts of tenants' Totogi; `any` for a caller that sends nothing there, or checks them itself.
 * @returns one version per tenant, named by a digest of its content: the same content is the same version.
 */
export function readConfiguration(directory: string, totogiHosts: readonly string[] | 'any' = TOTOGI_HOSTS): Configuration {
  const { tenants, faults } = readTenants(directory);
  const shared = readTemplates(join(directory, 'templates'));
  const read = tenants.map((tenant) => readTenantVersion(directory, tenant, shared));
  return {
    published: read.map(({ published }) => published),
    tenants,
    faults: onePerLocation([
      ...faults,
      ...strayFolders(directory),
      ...strayOffers(directory, tenants),
      ...strayOperations(directory),
      ...checkHosts(tenants, totogiHosts),
      ...checkOwnership(tenants),
      ...shared.faults,
      ...read.flatMap((version) => version.faults),
      ...unusedWords(
        join(directory, 'templates'),
        shared,
        read.flatMap(({ published }) => published.offers),
      ),
    ]),
    templates: shared.names.length + read.reduce((sum, { own }) => sum + own.names.length, 0),
  };
}

function readTenantVersion(directory: string, tenant: TenantFile, shared: Templates) {
  const { configuration } = tenant;
  const folder = join(directory, 'tenants', configuration.tenant, 'templates');
  const own = readTemplates(folder);
  const files = new Map([...shared.templates, ...own.templates].map((found) => [found.name, found]));
  const templates = Object.fromEntries([...files].map(([name, { template }]) => [name, template]));
  const { offers, faults: offerFaults } = readOffers(directory, tenant);
  // A tenant without offers keeps the version that its content had before offers existed.
  const content = canonicalize({ configuration, templates, ...(offers.length > 0 && { offers }) }) ?? '';
  const version = digest(content).toString('hex').slice(0, VERSION_LENGTH);
  const faults = [
    ...own.faults,
    ...unusedWords(folder, own, offers),
    ...checkTenant(tenant, templates),
    ...offerFaults,
    ...[...files.values()].flatMap((found) => checkRendering(found, configuration)),
    ...classFaults([...files.values()], configuration.language),
    // A template with errors is already reported: it is not missing as well.
    ...missingTemplates(tenant, offers, { names: new Set([...shared.names, ...own.names]), folder: join(directory, 'templates') }),
  ];
  return { published: { version, configuration, templates, offers }, faults, own };
}

/** Totogi addresses that a tenant's key and secret must not be sent to. */
function checkHosts(tenants: TenantFile[], totogiHosts: readonly string[] | 'any'): ConfigurationFault[] {
  if (totogiHosts === 'any') return [];
  return tenants.flatMap((tenant) => unlistedHosts(tenant.configuration, totogiHosts).map((refusal) => locationInTenant(tenant, refusal)));
}

/** A folder whose tenant has no file: its templates would be ignored. */
function strayFolders(directory: string): ConfigurationFault[] {
  const folder = join(directory, 'tenants');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(folder, `${entry.name}.yml`)))
    .map(({ name }) => ({
      severity: 'error',
      file: join(folder, name),
      line: 1,
      field: '(folder)',
      ...(name.endsWith('.yml')
        ? { fault: 'is a folder, and a tenant is a file', remedy: 'Move what is in it, and write a file of this name' }
        : { fault: 'belongs to no tenant', remedy: `Write ${join(folder, `${name}.yml`)}, or rename the folder to the tenant's name` }),
    }));
}

/** Templates for single offers that no offer uses: otherwise a misspelt name would go unnoticed. */
function unusedWords(folder: string, { names }: Templates, offers: Offer[]): ConfigurationFault[] {
  return names.flatMap((name) => {
    const own = ownWordsOf(name.slice(name.indexOf('/') + 1));
    if (own === undefined || offers.some(({ template }) => template === own)) return [];
    const remedy = `Write "template: ${own}" with the offer that it is for, or delete the file`;
    return [
      {
        severity: 'warning',
        file: join(folder, `${name}.liquid`),
        line: 1,
        field: '(file)',
        fault: 'has words that no offer takes',
        remedy,
      },
    ];
  });
}

/** Shared templates are checked for each tenant, but each fault is reported once. */
function onePerLocation(faults: ConfigurationFault[]): ConfigurationFault[] {
  const places = new Set<string>();
  return faults.filter(({ severity, file, line, field, remedy }) => {
    const place = JSON.stringify([severity, file, line, field, remedy]);
    return !places.has(place) && places.add(place);
  });
}
