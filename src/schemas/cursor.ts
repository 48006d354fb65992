import { createHmac, timingSafeEqual } from 'node:crypto';

/** The keys that cursors are signed with: the first one signs, all are believed, so that older cursors outlive a new key. */
export type CursorKeys = readonly string[];

const SIGNATURE_BYTES = 16;

/** A ULID, and in lists of several kinds of record what follows it there. */
const POSITION = /^[0-7][0-9A-HJKMNP-TV-Z]{25}(#[\w#-]+)?$/;

/**
 * The opaque text that names where a page begins: the position behind which it does, signed together with the query it belongs to.
 *
 * @param query everything that makes it the same list: route, tenant, account, filters, order.
 * @throws Error where there is no key.
 */
export function writeCursor(position: string, query: unknown, [key]: CursorKeys): string {
  if (key === undefined) throw new Error('CURSOR_KEYS is empty. Set at least one key to sign cursors.');
  return Buffer.concat([signatureOf(position, query, key), Buffer.from(position)]).toString('base64url');
}

/** The position in a cursor, or undefined where it is not one that was written for this query. */
export function parseCursor(cursor: string, query: unknown, keys: CursorKeys): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const position = bytes.subarray(SIGNATURE_BYTES).toString();
  // One text only is a cursor: decoding is lenient, so the same bytes have several spellings.
  if (bytes.toString('base64url') !== cursor || !POSITION.test(position)) return undefined;
  return keys.some((key) => timingSafeEqual(signature, signatureOf(position, query, key))) ? position : undefined;
}

function signatureOf(position: string, query: unknown, key: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([position, query]))
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
