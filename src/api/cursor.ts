import { createHmac, timingSafeEqual } from 'node:crypto';

/** The first key signs. All are accepted, so that older cursors stay valid after a new key. */
export type CursorKeys = readonly [string, ...string[]];

const SIGNATURE_BYTES = 16;

/** A ULID, and in lists of several kinds of record the rest of the sort key. */
const POSITION = /^[0-7][0-9A-HJKMNP-TV-Z]{25}(#[\w#-]+)?$/;

/**
 * The opaque text for the position after which a page starts, signed together with its query.
 *
 * @param query everything that identifies the list: route, tenant, account, filters, order.
 */
export function writeCursor(position: string, query: unknown, [key]: CursorKeys): string {
  return Buffer.concat([signatureOf(position, query, key), Buffer.from(position)]).toString('base64url');
}

export function parseCursor(cursor: string, query: unknown, keys: CursorKeys): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const position = bytes.subarray(SIGNATURE_BYTES).toString();
  // Decoding is lenient, so the same bytes have several spellings. Only one is accepted.
  if (bytes.toString('base64url') !== cursor || !POSITION.test(position)) return undefined;
  return keys.some((key) => timingSafeEqual(signature, signatureOf(position, query, key))) ? position : undefined;
}

function signatureOf(position: string, query: unknown, key: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([position, query]))
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
