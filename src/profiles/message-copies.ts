import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, type Table, walkRange, writeIf } from '../platform/table.ts';
import { accountPartition } from '../schemas/keys.ts';
import { removeTextedLookup } from './phone-lookups.ts';

/** The personal data on a message record. The text of a receipt contains none. */
const PERSONAL = ['to', 'text', 'subject', 'html'] as const;
const PAGE_SIZE = 200;
const AT_ONCE = 10;

/**
 * Erases the personal data on an account's message records, and the lookups from texted numbers to the account. States, times, classes and
 * templates stay. May be repeated.
 */
export async function eraseMessageCopies(table: Table, tenant: string, account: string): Promise<void> {
  const range = { partition: accountPartition(tenant, account), from: 'MESSAGE#', to: 'MESSAGE#~', descending: false };
  const numbers = new Set<string>();
  let batch: Promise<void>[] = [];
  for await (const item of walkRange(table, range, PAGE_SIZE)) {
    if (!PERSONAL.some((field) => field in item)) continue;
    // First, because a retry could no longer read the number from the record.
    if (item.channel === 'sms' && typeof item.to === 'string' && !numbers.has(item.to)) {
      numbers.add(item.to);
      await removeTextedLookup(table, item.to, range.partition);
    }
    batch.push(eraseCopies(table, item));
    if (batch.length < AT_ONCE) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
}

async function eraseCopies(table: Table, { pk, sk }: Item): Promise<void> {
  // An expired record has nothing to erase.
  await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: { pk, sk },
      UpdateExpression: `REMOVE ${PERSONAL.map((_field, index) => `#p${index}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: Object.fromEntries(PERSONAL.map((field, index) => [`#p${index}`, field])),
    }),
  );
}
