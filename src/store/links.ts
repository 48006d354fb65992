import { randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Channel } from '../schemas/channel.ts';
import { digest } from '../schemas/event-id.ts';
import { linkKey } from './keys.ts';
import { type Key, readItem, type Table } from './table.ts';

/** 128 bits: nobody finds a link by trying. */
const TOKEN_BYTES = 16;
/** 16 bytes in base64url. */
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{22}$/;

const LinkKind = z.enum(['unsubscribe', 'offer']);
const StoredLink = z.object({
  targetPk: z.string(),
  targetSk: z.string(),
  kind: LinkKind,
  channel: Channel.optional(),
  expiresAt: z.number().optional(),
});

/** A link to be made: what it is for, the record it leads to, and until when it works (seconds since the epoch), for ever without. */
export type LinkRequest = { kind: z.infer<typeof LinkKind>; target: Key; channel?: Channel; expiresAt?: number | undefined };

/** Where a link leads, and on which channel it went where that is told. */
export type FollowedLink = { target: Key; channel: Channel | undefined };

/**
 * Makes a link that only its holder can use: the token is in no record, its SHA-256 is the key. A step that is tried again makes another
 * link; the one before stays good, and leads to the same record.
 *
 * @param random for tests; by default the system's.
 * @returns the token, 22 characters that may stand in a URL.
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
 * Follows a link.
 *
 * @param now milliseconds since the epoch.
 * @returns the key of the record it leads to, with its channel; undefined for a token that was never issued, was altered, is of another kind or has expired.
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
  // DynamoDB deletes what has expired up to 48 hours late.
  if (kind !== link.kind || (expiresAt !== undefined && expiresAt * 1_000 <= now)) return undefined;
  return { target: { pk: targetPk, sk: targetSk }, channel };
}

function hashOf(token: string): string {
  return digest(token).toString('hex');
}
