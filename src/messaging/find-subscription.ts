import type { Subscription } from '../runtime/unsubscribe-page.ts';
import type { Configurations } from '../store/configurations.ts';
import { followLink } from '../store/links.ts';
import type { ConsentClass } from '../store/profiles/consents.ts';
import { findMessageByKey } from '../store/receipts.ts';
import type { Table } from '../store/table.ts';

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
