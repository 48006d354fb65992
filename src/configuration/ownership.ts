import { digest } from '../platform/hash.ts';
import type { Table } from '../platform/table.ts';
import type { Part } from '../platform/transact.ts';
import { domainsBelowKey, ownerKey } from '../schemas/keys.ts';
import { domainsAbove, type OwnedName } from './owned-names.ts';

/** `owned` is the name that belongs to another tenant when the part's condition fails. */
export type OwnershipPart = { part: Part; owned?: OwnedName };

type Change = { before: Named[]; next: OwnedName[] };
type Named = { kind: string; name: string };

const NOBODY_ELSE = 'attribute_not_exists(pk) OR tenant = :tenant';
const NOBODY_ELSE_BELOW = 'attribute_not_exists(tenants) OR tenants = :tenants';

/**
 * The writes of a publication: an owner record for each name in use, deleted for each name no longer used. A domain's parent domains are
 * checked too, and record which tenants have subdomains: no other tenant may own a parent or a subdomain.
 */
export function ownershipParts(table: Table, tenant: string, { before, next }: Change): OwnershipPart[] {
  return [...ownerParts(table, tenant, { before, next }), ...belowParts(table, tenant, { before, next })];
}

function ownerParts(table: Table, tenant: string, { before, next }: Change): OwnershipPart[] {
  const values = { ':tenant': tenant };
  const used = new Map(next.map((owned) => [idOf(owned.kind, owned.name), owned]));
  const released = before.filter(({ kind, name }) => !used.has(idOf(kind, name)));
  const releasedIds = new Set(released.map(({ kind, name }) => idOf(kind, name)));
  const above = [...aboveOf(next)].filter(
    ([name]) => !used.has(idOf('email-domain', name)) && !releasedIds.has(idOf('email-domain', name)),
  );
  const condition = { TableName: table.name, ExpressionAttributeValues: values };
  return [
    ...next.map((owned) => {
      const Item = { ...keyOf(owned.kind, owned.name), tenant };
      return { part: { Put: { ...condition, Item, ConditionExpression: NOBODY_ELSE } }, owned };
    }),
    ...above.map(([name, owned]) => {
      const Key = keyOf('email-domain', name);
      return { part: { ConditionCheck: { ...condition, Key, ConditionExpression: NOBODY_ELSE } }, owned };
    }),
    ...released.map(({ kind, name }) => {
      const Key = keyOf(kind, name);
      return { part: { Delete: { ...condition, Key, ConditionExpression: NOBODY_ELSE } } };
    }),
  ];
}

function belowParts(table: Table, tenant: string, { before, next }: Change): OwnershipPart[] {
  const above = aboveOf(next);
  const exact = new Map(next.filter(({ kind }) => kind === 'email-domain').map((owned) => [owned.name, owned]));
  const domains = new Set([...exact.keys(), ...above.keys(), ...aboveOf(before).keys()]);
  return [...domains].map((name) => {
    const owned = exact.get(name);
    const values = { ':tenants': new Set([tenant]) };
    const on = { TableName: table.name, Key: domainsBelowKey(hashOf(name)), ExpressionAttributeValues: values };
    const condition = owned && { ConditionExpression: NOBODY_ELSE_BELOW };
    const skipped = { ...(owned && { owned }) };
    if (above.has(name)) return { part: { Update: { ...on, ...condition, UpdateExpression: 'ADD tenants :tenants' } }, ...skipped };
    if (!condition) return { part: { Update: { ...on, UpdateExpression: 'DELETE tenants :tenants' } }, ...skipped };
    if (aboveOf(before).has(name))
      return { part: { Update: { ...on, ...condition, UpdateExpression: 'DELETE tenants :tenants' } }, ...skipped };
    return { part: { ConditionCheck: { ...on, ...condition } }, ...skipped };
  });
}

function aboveOf<One extends Named>(names: One[]): Map<string, One> {
  const domains = names.filter(({ kind }) => kind === 'email-domain');
  return new Map(domains.flatMap((owned) => domainsAbove(owned.name).map((above) => [above, owned] as const)));
}

function idOf(kind: string, name: string): string {
  return `${kind}#${name}`;
}

function keyOf(kind: string, name: string) {
  return ownerKey(kind, hashOf(name));
}

function hashOf(name: string): string {
  return digest(name).toString('hex');
}
