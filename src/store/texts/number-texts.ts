import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY_MILLISECONDS, hasRoom, type TextLimit } from '../../rules/text-limits.ts';
import type { MessageReference } from '../../schemas/message.ts';
import { Contended } from '../contended.ts';
import { numberTextsKey } from '../keys.ts';
import { messageId } from '../messages.ts';
import { phoneHash } from '../profiles/phone-lookups.ts';
import { expiryAfter, readItem, type Table } from '../table.ts';

/** A burst to one number is over, or at its limit, long before. */
const MAX_ATTEMPTS = 20;
const MAX_PAUSE_MILLISECONDS = 50;
const KEPT_DAYS = 2;
/** With the digits of a time and what DynamoDB counts, 20 bytes a text: 30 texts a day are one write unit. */
const SLOT_CHARACTERS = 12;

/** The texts of the last day to a number: when (seconds since the epoch), by the beginning of the message's digest. */
const StoredTexts = z.object({ version: z.int(), texts: z.record(z.string(), z.int()) });
type Texts = z.infer<typeof StoredTexts>;

/** A text that is to go: which message, where to, and when it asks (milliseconds since the epoch). */
export type NumberSlotRequest = { message: MessageReference; phone: string; at: number };

export function slotOf(message: MessageReference): string {
  return messageId(message).slice(0, SLOT_CHARACTERS);
}

/**
 * Takes a slot of a number's for a text, whichever account it is about, by a write that fails where another text took one meanwhile. A
 * message that asks again finds its own.
 *
 * @returns whether it has one.
 * @throws when so many texts ask at once that this one had no turn; it may ask again.
 */
export async function takeNumberSlot(table: Table, request: NumberSlotRequest, limit: TextLimit): Promise<boolean> {
  const slot = slotOf(request.message);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await readTexts(table, request);
    if (Object.hasOwn(stored.texts, slot)) return true;
    const times = Object.values(stored.texts).map((seconds) => seconds * 1_000);
    if (!hasRoom(times, request.at, limit)) return false;
    if (await writeTexts(table, request, stored)) return true;
    await pause(Math.random() * MAX_PAUSE_MILLISECONDS);
  }
  throw new Contended('Too many concurrent claims for one number. It is retried.');
}

function keyOf({ message, phone }: NumberSlotRequest) {
  return numberTextsKey(message.tenant, phoneHash(phone));
}

async function readTexts(table: Table, request: NumberSlotRequest): Promise<Texts> {
  const item = await readItem(table, keyOf(request));
  return item === undefined ? { version: 0, texts: {} } : StoredTexts.parse(item);
}

async function writeTexts(table: Table, request: NumberSlotRequest, stored: Texts): Promise<boolean> {
  const { message, at } = request;
  const fresh = Object.entries(stored.texts).filter(([, seconds]) => at - seconds * 1_000 < DAY_MILLISECONDS);
  const texts = { ...Object.fromEntries(fresh), [slotOf(message)]: Math.floor(at / 1_000) };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...keyOf(request), version: stored.version + 1, texts, expiresAt: expiryAfter(at, KEPT_DAYS) },
        // One that has expired reads as none, and is there until it is deleted.
        ConditionExpression: 'attribute_not_exists(pk) OR version = :version OR expiresAt <= :now',
        ExpressionAttributeValues: { ':version': stored.version, ':now': stored.version === 0 ? Math.floor(at / 1_000) : 0 },
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
