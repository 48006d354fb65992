import type { Configurations } from '../configuration/configurations.ts';
import type { Table } from '../platform/table.ts';
import type { ConsentClass } from '../profiles/consents.ts';
import { followLink } from './links.ts';
import { findMessageByKey } from './receipts/receipt-records.ts';
import type { Subscription } from './unsubscribe-page.ts';

export type LinkedSubscription = Subscription & { tenant: string; account: string; class: ConsentClass };

/**
 * What an unsubscribe link ends. Undefined for an unknown link, and for messages that nobody can unsubscribe from.
 *
 * @param at milliseconds since the epoch.
 */
export async function findSubscription(
  { table, configurations }: { table: Table; configurations: Configurations },
  token: string,
  at: number,
): Promise<LinkedSubscription | undefined> {
  const link = await followLink(table, { kind: 'unsubscribe', token }, at);
  const message = link && (await findMessageByKey(table, link.target));
  if (!message || message.class === undefined || message.class === 'regulatory') return undefined;
  const { tenant, account } = message;
  const configuration = (await configurations.current(tenant))?.configuration;
  return {
    tenant,
    account,
    class: message.class,
    brand: configuration?.name ?? tenant,
    what: message.class === 'marketing' ? 'news' : 'account',
    language: message.language ?? configuration?.language ?? 'en',
  };
}
