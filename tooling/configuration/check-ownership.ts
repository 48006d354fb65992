import { isConflict, OWNED_WORDS, type OwnedName, ownedNames } from '../../src/configuration/owned-names.ts';
import type { ConfigurationFault } from './fault.ts';
import { locationInTenant, type TenantFile } from './read-tenants.ts';

type Used = { tenant: TenantFile; owned: OwnedName };

/** What two tenants use and only one may. Both files are reported, since only people know who owns it. */
export function checkOwnership(tenants: TenantFile[]): ConfigurationFault[] {
  const used = tenants.flatMap((tenant) => ownedNames(tenant.configuration).map((owned) => ({ tenant, owned })));
  const byRoot = Map.groupBy(used, ({ owned }) => `${owned.kind}#${rootOf(owned)}`);
  return [...byRoot.values()].flatMap((related) => related.flatMap((one) => conflictOf(one, related)));
}

/** Only names with the same ending can conflict. */
function rootOf({ kind, name }: OwnedName): string {
  return kind === 'email-domain' ? name.split('.').slice(-2).join('.') : name;
}

function conflictOf({ tenant, owned }: Used, related: Used[]): ConfigurationFault[] {
  const other = related.find((one) => one.tenant !== tenant && isConflict(one.owned, owned));
  if (!other) return [];
  const theirs = other.owned.name === owned.name ? '' : `, with "${other.owned.name}",`;
  const fault = `uses ${OWNED_WORDS[owned.kind]} "${owned.name}", which${theirs} another tenant uses in ${locationOf(other)}`;
  return [locationInTenant(tenant, { path: owned.path, fault, remedy: 'Only one of the two may: take it out of the other file' })];
}

function locationOf({ tenant, owned }: Used): string {
  const { file, line } = locationInTenant(tenant, { path: owned.path, fault: '', remedy: '' });
  return `${file}:${line}`;
}
