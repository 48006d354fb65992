import type { Key } from '../platform/table.ts';

export type DayList = 'EVENT' | 'QUARANTINE';

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** In UTC. */
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

export function episodeKey(tenant: string, account: string, workflow: string, subject: string): Key {
  return { pk: accountPartition(tenant, account), sk: `EPISODE#${workflow}#${subject}` };
}

export function profileKey(tenant: string, account: string): Key {
  return { pk: accountPartition(tenant, account), sk: 'PROFILE' };
}

/** Ten digits keep the sort order. */
export function profileChangeKey(tenant: string, account: string, version: number): Key {
  return { pk: accountPartition(tenant, account), sk: `CHANGE#${String(version).padStart(10, '0')}` };
}

export function numberTextsKey(tenant: string, phoneHash: string): Key {
  return { pk: `TENANT#${tenant}#NUMBER#${phoneHash}`, sk: 'TEXTS' };
}

export function tenantTextsKey(tenant: string, day: string, shard: number): Key {
  return { pk: `TENANT#${tenant}#TEXTS#${day}#${shard}`, sk: 'TAKEN' };
}

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

/** Offers stay listed after a retry: the list has those that are or were stuck. */
export function failedActivationKey({ tenant, offerId }: { tenant: string; offerId: string }): Key {
  return { pk: `TENANT#${tenant}#FAILED-ACTIVATIONS`, sk: offerId };
}

/** `period` is a day, or `TOTAL`. */
export function budgetKey(tenant: string, offer: string, period: string): Key {
  return { pk: offerPartition(tenant, offer), sk: `BUDGET#${period}` };
}

/** The day (UTC) on which the offer was issued. */
export function offerCountsKey(tenant: string, offer: string, day: string, shard: number): Key {
  return { pk: offerPartition(tenant, offer), sk: `DAY#${day}#${shard}` };
}

export function replyKey(tenant: string, account: string, replyId: string): Key {
  return { pk: accountPartition(tenant, account), sk: `REPLY#${replyId}` };
}

export function suppressionKey(tenant: string, channel: string, addressHash: string): Key {
  return { pk: `TENANT#${tenant}#SUPPRESSION`, sk: `${channel}#${addressHash}` };
}

/** `tenant` may be `ALL_TENANTS`. */
export function numberOptOutKey(tenant: string, phoneHash: string): Key {
  return { pk: `TENANT#${tenant}#SUPPRESSION`, sk: `sms-opt-out#${phoneHash}` };
}

/** The partition key of the timeline index. */
export function timelinePartition(tenant: string, day: string, shard: number): string {
  return `TENANT#${tenant}#DAY#${day}#${shard}`;
}

export function quarantineKey(tenant: string, day: string, id: string): Key {
  return { pk: `TENANT#${tenant}#QUARANTINE#${day}`, sk: id };
}

/** The directory of days with records, so that a reader does not have to try every day. */
export function dayKey(tenant: string, list: DayList, day: string): Key {
  return { pk: `TENANT#${tenant}#DAYS`, sk: `${list}#${day}` };
}

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

/** One item for each account, across all tenants. */
export function phoneLookupKey(phoneHash: string, targetPartition: string): Key {
  return { pk: `LOOKUP#phone#${phoneHash}`, sk: targetPartition };
}

/** For numbers that received a text but may not be in the account's profile. */
export function textedLookupKey(phoneHash: string, targetPartition: string): Key {
  return phoneLookupKey(phoneHash, `TEXTED#${targetPartition}`);
}

export function receiptKey(providerMessageIdHash: string): Key {
  return { pk: `LOOKUP#receipt#${providerMessageIdHash}`, sk: 'TARGET' };
}

export function linkKey(tokenHash: string): Key {
  return { pk: `LOOKUP#link#${tokenHash}`, sk: 'TARGET' };
}

export function firstDeliveryKey(inboundMessageIdHash: string): Key {
  return { pk: `INBOUND#${inboundMessageIdHash}`, sk: 'FIRST-DELIVERY' };
}

/** One per text, for all accounts that the text may concern. */
export function answerKey(inboundMessageIdHash: string): Key {
  return { pk: `INBOUND#${inboundMessageIdHash}`, sk: 'ANSWER' };
}
