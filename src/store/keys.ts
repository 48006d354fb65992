import type { Key } from './table.ts';

/** Which of a tenant's day lists: the events of its timeline, or its quarantine. */
export type DayList = 'EVENT' | 'QUARANTINE';

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** The day of a time (milliseconds since the epoch) in UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, DAY_LENGTH);
}

export function accountPartition(tenant: string, account: string): string {
  return `TENANT#${tenant}#ACCOUNT#${account}`;
}

export function eventKey(tenant: string, account: string, eventId: string): Key {
  return { pk: accountPartition(tenant, account), sk: `EVENT#${eventId}` };
}

export function runKey(tenant: string, account: string, eventId: string, workflow: string): Key {
  return { pk: accountPartition(tenant, account), sk: `RUN#${eventId}#${workflow}` };
}

export function messageKey(tenant: string, account: string, eventId: string, workflow: string, step: string): Key {
  return { pk: accountPartition(tenant, account), sk: `MESSAGE#${eventId}#${workflow}#${step}` };
}

/** One episode at a time on a subject. */
export function episodeKey(tenant: string, account: string, workflow: string, subject: string): Key {
  return { pk: accountPartition(tenant, account), sk: `EPISODE#${workflow}#${subject}` };
}

export function profileKey(tenant: string, account: string): Key {
  return { pk: accountPartition(tenant, account), sk: 'PROFILE' };
}

/** One change of an account's profile, by its number. Ten digits keep the order. */
export function profileChangeKey(tenant: string, account: string, version: number): Key {
  return { pk: accountPartition(tenant, account), sk: `CHANGE#${String(version).padStart(10, '0')}` };
}

/** The texts of the last day to a number of a tenant's. */
export function numberTextsKey(tenant: string, phoneHash: string): Key {
  return { pk: `TENANT#${tenant}#NUMBER#${phoneHash}`, sk: 'TEXTS' };
}

/** One share of a tenant's texts of one day. */
export function tenantTextsKey(tenant: string, day: string, shard: number): Key {
  return { pk: `TENANT#${tenant}#TEXTS#${day}#${shard}`, sk: 'TAKEN' };
}

/** The places that an account's marketing took under the tenant's caps. */
export function marketingSlotsKey(tenant: string, account: string): Key {
  return { pk: accountPartition(tenant, account), sk: 'MARKETING' };
}

export function marketingPauseKey(tenant: string): Key {
  return { pk: `TENANT#${tenant}#MARKETING`, sk: 'PAUSE' };
}

export function offerKey({ tenant, account, offerId }: { tenant: string; account: string; offerId: string }): Key {
  return { pk: accountPartition(tenant, account), sk: `OFFER#${offerId}` };
}

export function offerPartition(tenant: string, offer: string): string {
  return `TENANT#${tenant}#OFFER#${offer}`;
}

/** The list of a tenant's offers that are, or were, stuck. */
export function failedActivationKey({ tenant, offerId }: { tenant: string; offerId: string }): Key {
  return { pk: `TENANT#${tenant}#FAILED-ACTIVATIONS`, sk: offerId };
}

/** How much of an offer's budget is taken: in all (`TOTAL`), or on a day. */
export function budgetKey(tenant: string, offer: string, period: string): Key {
  return { pk: offerPartition(tenant, offer), sk: `BUDGET#${period}` };
}

/** One share of what is counted of the issues of one day. */
export function offerCountsKey(tenant: string, offer: string, day: string, shard: number): Key {
  return { pk: offerPartition(tenant, offer), sk: `DAY#${day}#${shard}` };
}

export function replyKey(tenant: string, account: string, replyId: string): Key {
  return { pk: accountPartition(tenant, account), sk: `REPLY#${replyId}` };
}

export function suppressionKey(tenant: string, channel: string, addressHash: string): Key {
  return { pk: `TENANT#${tenant}#SUPPRESSION`, sk: `${channel}#${addressHash}` };
}

/** What the owner of a number said about texts of a tenant, or of all. */
export function numberOptOutKey(tenant: string, phoneHash: string): Key {
  return { pk: `TENANT#${tenant}#SUPPRESSION`, sk: `sms-opt-out#${phoneHash}` };
}

/** One shard of one day of a tenant's timeline: the partition of the index. */
export function timelinePartition(tenant: string, day: string, shard: number): string {
  return `TENANT#${tenant}#DAY#${day}#${shard}`;
}

export function quarantineKey(tenant: string, day: string, id: string): Key {
  return { pk: `TENANT#${tenant}#QUARANTINE#${day}`, sk: id };
}

/** The list of the days on which a tenant has anything, so that a reader need not try every day there ever was. */
export function dayKey(tenant: string, list: DayList, day: string): Key {
  return { pk: `TENANT#${tenant}#DAYS`, sk: `${list}#${day}` };
}

/** One share of what is counted of a tenant that is not taken. */
export function unknownTenantKey(shard: number, tenant: string): Key {
  return { pk: `TENANT#-#UNKNOWN#${shard}`, sk: tenant };
}

export function configurationKey(tenant: string, version: string | 'CURRENT'): Key {
  return { pk: `TENANT#${tenant}#CONFIG`, sk: version === 'CURRENT' ? version : `VERSION#${version}` };
}

export function tenantListKey(tenant: string): Key {
  return { pk: 'PLATFORM#TENANTS', sk: tenant };
}

export function ownerKey(kind: string, nameHash: string): Key {
  return { pk: `PLATFORM#OWNED#${kind}#${nameHash}`, sk: 'OWNER' };
}

/** Says which tenant a two-way number belongs to: the owner's record of that kind. */
export function numberOwnerKey(nameHash: string): Key {
  return { pk: `PLATFORM#OWNED#two-way-number#${nameHash}`, sk: 'OWNER' };
}

export function domainsBelowKey(domainHash: string): Key {
  return { pk: `PLATFORM#OWNED#email-domain#${domainHash}`, sk: 'BELOW' };
}

export function replayKey(tenant: string, id: string): Key {
  return { pk: `TENANT#${tenant}#REPLAYS`, sk: id };
}

export function replaySlotsKey(tenant: string): Key {
  return { pk: `TENANT#${tenant}#REPLAYS`, sk: 'SLOTS' };
}

/** Finds the accounts that have a phone number, of any tenant: one item for each. */
export function phoneLookupKey(phoneHash: string, targetPartition: string): Key {
  return { pk: `LOOKUP#phone#${phoneHash}`, sk: targetPartition };
}

/** Finds an account that was texted at a number which need not stand in its profile. */
export function textedLookupKey(phoneHash: string, targetPartition: string): Key {
  return phoneLookupKey(phoneHash, `TEXTED#${targetPartition}`);
}

/** Finds the message that a carrier's id names. It holds the target's key and nothing else. */
export function receiptKey(providerMessageIdHash: string): Key {
  return { pk: `LOOKUP#receipt#${providerMessageIdHash}`, sk: 'TARGET' };
}

/** Finds what a link leads to. It holds the target's key and nothing else. */
export function linkKey(tokenHash: string): Key {
  return { pk: `LOOKUP#link#${tokenHash}`, sk: 'TARGET' };
}

/** How a text that a subscriber sent was first handed over: when, and what it means. */
export function firstDeliveryKey(inboundMessageIdHash: string): Key {
  return { pk: `INBOUND#${inboundMessageIdHash}`, sk: 'FIRST-DELIVERY' };
}

/** The answer to a text that a subscriber sent: one for each, whoever the text turns out to be from. */
export function answerKey(inboundMessageIdHash: string): Key {
  return { pk: `INBOUND#${inboundMessageIdHash}`, sk: 'ANSWER' };
}
