import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import type { LocatedFault } from '../../src/configuration/publication-conflict.ts';
import { MarketingSettings, OperationsSettings, type TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import type { ConfigurationFault } from './fault.ts';
import type { Elsewhere } from './schema-fault.ts';
import { readTextFile } from './text-file.ts';
import { type LineOf, locatedFault, type ReadYaml, readYaml } from './yaml-file.ts';

const ENDING = '.yml';

const MARKETING_FIELDS = Object.keys(MarketingSettings.shape);
const OPERATIONS_FIELDS = Object.keys(OperationsSettings.shape).filter((field) => field !== 'tenant');

type Source = { file: string; lineOf: LineOf };

/** A tenant's two valid files as one configuration. `file` is the marketing file. */
export type TenantFile = Source & { configuration: TenantConfiguration; operations: Source };

/** `tenants` has only the valid ones. */
export type Tenants = { tenants: TenantFile[]; faults: ConfigurationFault[] };

/** Reads `<directory>/tenants/*.yml` and `<directory>/operations/*.yml`. */
export function readTenants(directory: string): Tenants {
  const folder = join(directory, 'tenants');
  if (!existsSync(folder)) return { tenants: [], faults: [missing(folder)] };
  const read = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted()
    .map((name) =>
      name.endsWith(ENDING) ? readTenant(directory, basename(name, ENDING)) : { tenants: [], faults: [notATenant(join(folder, name))] },
    );
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

function readTenant(directory: string, tenant: string): Tenants {
  const file = join(directory, 'tenants', `${tenant}${ENDING}`);
  const operationsFile = join(directory, 'operations', `${tenant}${ENDING}`);
  const marketing = parseSettings(MarketingSettings, file, { fields: OPERATIONS_FIELDS, file: operationsFile, whose: 'operations' });
  const operations = existsSync(operationsFile)
    ? parseSettings(OperationsSettings, operationsFile, { fields: MARKETING_FIELDS, file, whose: 'marketing' })
    : { data: OperationsSettings.parse({ tenant }), lineOf: () => 1 };
  const faults = [marketing, operations].flatMap((read) => ('faults' in read ? read.faults : []));
  if ('faults' in marketing || 'faults' in operations) return { tenants: [], faults };
  const configuration = { ...operations.data, ...marketing.data };
  const found = { file, lineOf: marketing.lineOf, configuration, operations: { file: operationsFile, lineOf: operations.lineOf } };
  return { tenants: [found], faults: existsSync(operationsFile) ? [] : [noOperations(file, operationsFile)] };
}

/** The file's name must match the tenant in it. */
function parseSettings<Settings extends { tenant: string }>(
  schema: z.ZodType<Settings>,
  file: string,
  elsewhere: Elsewhere,
): ReadYaml<Settings> {
  const content = readTextFile(file);
  if ('faults' in content) return content;
  const read = readYaml(schema, { file, text: content.text, elsewhere });
  if ('faults' in read) return read;
  const expected = basename(file, ENDING);
  if (read.data.tenant === expected) return read;
  const fault = `is not the file's name, "${expected}"`;
  const remedy = `Write "tenant: ${expected}" or rename the file`;
  return { faults: [locatedFault(file, read.lineOf, { path: ['tenant'], fault, remedy })] };
}

function noOperations(file: string, operationsFile: string): ConfigurationFault {
  const fault = 'has no settings of operations: no sender of its own, no Totogi, and records that are kept for good';
  return { severity: 'warning', file, line: 1, field: '(file)', fault, remedy: `Write ${operationsFile}` };
}

/** Operations files without a marketing file would be ignored. */
export function strayOperations(directory: string): ConfigurationFault[] {
  const folder = join(directory, 'operations');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !(name.endsWith(ENDING) && existsSync(join(directory, 'tenants', name))))
    .map(({ name }) => strayFile(directory, join(folder, name)));
}

export function strayFile(directory: string, file: string): ConfigurationFault {
  const tenantFile = join(directory, 'tenants', `${basename(file, ENDING)}${ENDING}`);
  const remedy = `Write ${tenantFile}, or rename it to <tenant>${ENDING}`;
  return { severity: 'error', file, line: 1, field: '(file)', fault: 'belongs to no tenant', remedy };
}

/** Reports a fault in the file that the field belongs to. */
export function locationInTenant(
  tenant: TenantFile,
  fault: LocatedFault,
  severity: ConfigurationFault['severity'] = 'error',
): ConfigurationFault {
  const { file, lineOf } = OPERATIONS_FIELDS.includes(String(fault.path[0])) ? tenant.operations : tenant;
  return locatedFault(file, lineOf, fault, '(file)', severity);
}
