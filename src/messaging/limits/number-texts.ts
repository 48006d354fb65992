import * as z from 'zod';
import { DAY } from '../../platform/duration.ts';
import { CONFLICT, retryOnConflict } from '../../platform/retry-on-conflict.ts';
import { expiryAfter, putVersion, readItem, type Table } from '../../platform/table.ts';
import { phoneHash } from '../../profiles/phone-lookups.ts';
import { numberTextsKey } from '../../schemas/keys.ts';
import type { MessageReference } from '../../schemas/message/message.ts';
import { messageId } from '../message-records.ts';
import { hasRoom, type TextLimit } from './text-windows.ts';

const KEPT_DAYS = 2;
/** With its time and DynamoDB's overhead about 20 bytes a text: 30 texts a day fit one write unit. */
const SLOT_CHARACTERS = 12;

/** The time (seconds since the epoch) of each text of the last day, by the start of the message's digest. */
const StoredTexts = z.object({ version: z.int(), texts: z.record(z.string(), z.int()) });
type Texts = z.infer<typeof StoredTexts>;

/** `at` in milliseconds since the epoch. */
export type NumberSlotRequest = { message: MessageReference; phone: string; at: number };

export function slotOf(message: MessageReference): string {
  return messageId(message).slice(0, SLOT_CHARACTERS);
}

/**
 * Reserves a slot of a number for a text of any account, by a write that fails when another text reserved one meanwhile. A repeat finds its
 * own slot.
 *
 * @returns whether the text has a slot.
 * @throws Contended when too many texts compete; retry later.
 */
export function takeNumberSlot(table: Table, request: NumberSlotRequest, limit: TextLimit): Promise<boolean> {
  const slot = slotOf(request.message);
  return retryOnConflict('the text slots of a number', async () => {
    const stored = await readTexts(table, request);
    if (Object.hasOwn(stored.texts, slot)) return true;
    const times = Object.values(stored.texts).map((seconds) => seconds * 1_000);
    if (!hasRoom(times, request.at, limit)) return false;
    return (await writeTexts(table, request, stored)) ? true : CONFLICT;
  });
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
  const fresh = Object.entries(stored.texts).filter(([, seconds]) => at - seconds * 1_000 < DAY);
  const texts = { ...Object.fromEntries(fresh), [slotOf(message)]: Math.floor(at / 1_000) };
  return putVersion(table, { ...keyOf(request), texts, expiresAt: expiryAfter(at, KEPT_DAYS) }, stored.version);
}
