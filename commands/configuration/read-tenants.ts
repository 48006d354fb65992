import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import { TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import type { ConfigurationFault } from './fault.ts';

const ENDING = '.yml';

/** The tenants that hold, and everything wrong with the files of those that do not. */
export type Tenants = { tenants: TenantConfiguration[]; faults: ConfigurationFault[] };

/** Reads `<directory>/tenants/*.yml`, each a tenant's configuration under its own name. */
export function readTenants(directory: string): Tenants {
  const folder = join(directory, 'tenants');
  if (!existsSync(folder)) return { tenants: [], faults: [missing(folder)] };
  const read = readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .toSorted()
    .map((file) => readTenant(join(folder, file)));
  return { tenants: read.flatMap(({ tenants }) => tenants), faults: read.flatMap(({ faults }) => faults) };
}

function missing(folder: string): ConfigurationFault {
  return {
    file: folder,
    line: 1,
    field: '(folder)',
    fault: 'there is no such folder',
    remedy: 'Put one file per tenant there, named <tenant>.yml',
  };
}

function readTenant(file: string): Tenants {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      line: lineOf(error.pos[0]),
      field: '(file)',
      fault: `is not YAML: ${error.message}`,
      remedy: 'Mend the syntax; indentation and colons are the usual places',
    }));
    return { tenants: [], faults };
  }
  const parsed = TenantConfiguration.safeParse(document.toJS());
  if (!parsed.success)
    return { tenants: [], faults: parsed.error.issues.flatMap((issue) => schemaFaults(file, issue, document.contents, lineOf)) };
  const expected = basename(file, ENDING);
  if (parsed.data.tenant === expected) return { tenants: [parsed.data], faults: [] };
  const line = lineOf(startOf(document.contents, ['tenant']));
  const fault = `is not the file's name, "${expected}"`;
  return { tenants: [], faults: [{ file, line, field: 'tenant', fault, remedy: `Write "tenant: ${expected}" or rename the file` }] };
}

function schemaFaults(
  file: string,
  issue: z.core.$ZodIssue,
  contents: Node | null,
  lineOf: (offset: number) => number,
): ConfigurationFault[] {
  const at = (path: PropertyKey[]) => ({ file, line: lineOf(startOf(contents, path)), field: path.join('.') || '(file)' });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...at([...issue.path, key]),
      fault: 'is no field here',
      remedy: 'Remove it, or mend its spelling: docs/configuration.md lists every field',
    }));
  }
  return [{ ...at(issue.path), fault: issue.message.replace(/^Invalid input: /, ''), remedy: 'docs/configuration.md says what it may be' }];
}

/** Where the value of a path begins; where it is missing, the nearest thing around it. */
function startOf(contents: Node | null, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = nodeAt(contents, path.slice(0, length - 1));
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const found = pair ? (pair.key as Node).range?.[0] : nodeAt(contents, path.slice(0, length))?.range?.[0];
    if (found !== undefined) return found;
  }
  return 0;
}

function nodeAt(contents: Node | null, path: PropertyKey[]): Node | undefined {
  let node: unknown = contents;
  for (const key of path)
    node =
      typeof node === 'object' && node !== null && 'get' in node
        ? (node as { get(key: unknown, keep: true): unknown }).get(key, true)
        : undefined;
  return (node as Node | undefined) ?? undefined;
}
