import * as z from 'zod';
import { digest } from './event-id.ts';

const SIGN_LENGTH = 12;

/** A ULID, and in lists of several kinds of record what follows it there. */
const POSITION = /^[0-7][0-9A-HJKMNP-TV-Z]{25}(#[\w#-]+)?$/;

const Cursor = z.tuple([z.string(), z.string().regex(POSITION)]);

/**
 * The opaque text that names where a page begins: the position behind which it does, and a sign of the query it belongs to.
 *
 * @param query everything that makes it the same list: route, tenant, account, filters, order.
 */
export function writeCursor(position: string, query: unknown): string {
  return Buffer.from(JSON.stringify([signOf(query), position])).toString('base64url');
}

/** The position in a cursor, or undefined where it is no cursor of this query. */
export function readCursor(cursor: string, query: unknown): string | undefined {
  const parsed = Cursor.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  return parsed.success && parsed.data[0] === signOf(query) ? parsed.data[1] : undefined;
}

function signOf(query: unknown): string {
  return digest(JSON.stringify(query)).toString('base64url').slice(0, SIGN_LENGTH);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A cursor somebody made up is told from a real one by its schema.
    return undefined;
  }
}
