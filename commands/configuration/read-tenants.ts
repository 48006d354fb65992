import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import type { ConfigurationFault } from './fault.ts';
import { readTextFile } from './text-file.ts';
import { type LineOf, placedFault, readYaml } from './yaml-file.ts';

const ENDING = '.yml';

/** A tenant's file that holds by itself. */
export type TenantFile = { file: string; configuration: TenantConfiguration; lineOf: LineOf };

/** The tenants that hold, and everything wrong with the files of those that do not. */
export type Tenants = { tenants: TenantFile[]; faults: ConfigurationFault[] };

/** Reads `<directory>/tenants/*.yml`, each a tenant's configuration under its own name. */
export function readTenants(directory: string): Tenants {
  const folder = join(directory, 'tenants');
  if (!existsSync(folder)) return { tenants: [], faults: [missing(folder)] };
  const read = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted()
    .map((name) => (name.endsWith(ENDING) ? readTenant(join(folder, name)) : { tenants: [], faults: [notATenant(join(folder, name))] }));
  return { tenants: read.flatMap(({ tenants }) => tenants), faults: read.flatMap(({ faults }) => faults) };
}

function missing(folder: string): ConfigurationFault {
  const remedy = 'Put one file per tenant there, named <tenant>.yml';
  return { severity: 'error', file: folder, line: 1, field: '(folder)', fault: 'there is no such folder', remedy };
}

function notATenant(file: string): ConfigurationFault {
  const fault = `does not end in ${ENDING}, so nobody reads it`;
  return { severity: 'error', file, line: 1, field: '(file)', fault, remedy: `Rename it to <tenant>${ENDING}, or move it away` };
}

function readTenant(file: string): Tenants {
  const content = readTextFile(file);
  if ('faults' in content) return { tenants: [], faults: content.faults };
  const read = readYaml(TenantConfiguration, { file, text: content.text });
  if ('faults' in read) return { tenants: [], faults: read.faults };
  const { data: configuration, lineOf } = read;
  const expected = basename(file, ENDING);
  if (configuration.tenant === expected) return { tenants: [{ file, configuration, lineOf }], faults: [] };
  const fault = `is not the file's name, "${expected}"`;
  const remedy = `Write "tenant: ${expected}" or rename the file`;
  return { tenants: [], faults: [placedFault(file, lineOf, { path: ['tenant'], fault, remedy })] };
}
