import { fromDomain } from '../schemas/configuration/from-address.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import { twoWayNumberKey } from '../schemas/configuration/two-way-number.ts';

/** Belongs to one tenant alone, since its user sends or acts in that tenant's name. */
export type OwnedKind = 'email-domain' | 'configuration-set' | 'sender-id' | 'dlt-entity' | 'two-way-number' | 'provider';

export const OWNED_WORDS: Record<OwnedKind, string> = {
  'email-domain': 'the From domain',
  'configuration-set': 'the SES configuration set',
  'sender-id': 'the sender id',
  'dlt-entity': 'the DLT entity id',
  'two-way-number': 'the two-way number',
  provider: 'the provider id',
};

export type OwnedName = { kind: OwnedKind; name: string; path: PropertyKey[] };

/** Words that identify no sender: some countries require them, and many senders share them. */
const GENERIC_SENDER_IDS = new Set([
  'alert',
  'info',
  'infosms',
  'message',
  'mobile',
  'notice',
  'notify',
  'service',
  'sms',
  'smsinfo',
  'verify',
]);

export function ownedNames(configuration: TenantConfiguration): OwnedName[] {
  const { tenant, totogi, senderId, sms, email } = configuration;
  const found: OwnedName[] = [
    { kind: 'provider', name: tenant, path: ['tenant'] },
    ...(totogi?.providerId === undefined ? [] : [{ kind: 'provider' as const, name: totogi.providerId, path: ['totogi', 'providerId'] }]),
    ...Object.entries(email.from).flatMap(([key, address]) => domainOf(address, ['email', 'from', key])),
    ...Object.entries(email.configurationSets).map(([key, set]) =>
      lowerCase('configuration-set', set, ['email', 'configurationSets', key]),
    ),
    ...(senderId === undefined ? [] : senderOf(senderId, ['senderId'])),
    ...Object.entries(sms.senderIds).flatMap(([country, id]) => senderOf(id, ['sms', 'senderIds', country])),
    ...(sms.dltEntityId === undefined ? [] : [lowerCase('dlt-entity', sms.dltEntityId, ['sms', 'dltEntityId'])]),
    ...sms.numbers.map((number, index) => ({
      kind: 'two-way-number' as const,
      name: twoWayNumberKey(number),
      path: ['sms', 'numbers', index, 'number'],
    })),
  ];
  return [...new Map(found.toReversed().map((owned) => [`${owned.kind}#${owned.name}`, owned])).values()].toReversed();
}

function domainOf(address: string, path: PropertyKey[]): OwnedName[] {
  const name = fromDomain(address);
  return name === undefined ? [] : [{ kind: 'email-domain', name, path }];
}

function senderOf(id: string, path: PropertyKey[]): OwnedName[] {
  return GENERIC_SENDER_IDS.has(id.toLowerCase()) ? [] : [lowerCase('sender-id', id, path)];
}

function lowerCase(kind: OwnedKind, text: string, path: PropertyKey[]): OwnedName {
  return { kind, name: text.toLowerCase(), path };
}

/** Without the top-level domain, which no tenant owns: for `a.b.example`, `b.example`. */
export function domainsAbove(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));
}

/** Whether two tenants cannot both have these names: they are the same, or one domain is below the other. */
export function isConflict(one: OwnedName, other: OwnedName): boolean {
  if (one.kind !== other.kind) return false;
  if (one.name === other.name) return true;
  return one.kind === 'email-domain' && (one.name.endsWith(`.${other.name}`) || other.name.endsWith(`.${one.name}`));
}
