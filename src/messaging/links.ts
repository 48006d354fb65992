import { randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digest } from '../platform/hash.ts';
import { type Key, readItem, type Table } from '../platform/table.ts';
import { linkKey } from '../schemas/keys.ts';
import { Channel } from '../schemas/message/channel.ts';

/** 128 bits cannot be guessed. */
const TOKEN_BYTES = 16;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{22}$/;

const LinkKind = z.enum(['unsubscribe', 'offer']);
const StoredLink = z.object({
  targetPk: z.string(),
  targetSk: z.string(),
  kind: LinkKind,
  channel: Channel.optional(),
  expiresAt: z.number().optional(),
});

/** `expiresAt` in seconds since the epoch; without it the link never expires. */
export type LinkRequest = { kind: z.infer<typeof LinkKind>; target: Key; channel?: Channel; expiresAt?: number | undefined };

export type FollowedLink = { target: Key; channel: Channel | undefined };

/**
 * Creates a link that only its holder can use: no record stores the token, only its SHA-256, as the key. A repeated step creates another
 * link; the earlier one stays valid and leads to the same record.
 *
 * @param random for tests.
 * @returns the token: 22 characters, safe in a URL.
 */
export async function issueLink(table: Table, link: LinkRequest, random: (bytes: number) => Buffer = randomBytes): Promise<string> {
  const token = random(TOKEN_BYTES).toString('base64url');
  const { kind, target, channel, expiresAt } = link;
  const item = {
    ...linkKey(hashOf(token)),
    kind,
    targetPk: target.pk,
    targetSk: target.sk,
    ...(channel && { channel }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
  return token;
}

/**
 * @param now milliseconds since the epoch.
 * @returns undefined for a token that was never issued, was altered, is of another kind or has expired.
 */
export async function followLink(
  table: Table,
  link: { kind: LinkRequest['kind']; token: string },
  now: number,
): Promise<FollowedLink | undefined> {
  if (!TOKEN_PATTERN.test(link.token)) return undefined;
  const item = await readItem(table, linkKey(hashOf(link.token)));
  if (!item) return undefined;
  const { kind, targetPk, targetSk, channel, expiresAt } = StoredLink.parse(item);
  // DynamoDB deletes expired items up to 48 hours late.
  if (kind !== link.kind || (expiresAt !== undefined && expiresAt * 1_000 <= now)) return undefined;
  return { target: { pk: targetPk, sk: targetSk }, channel };
}

function hashOf(token: string): string {
  return digest(token).toString('hex');
}
