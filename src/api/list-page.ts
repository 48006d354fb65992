import type { Page, Range } from '../platform/pages.ts';
import { badRequest, type HttpProblem } from '../platform/problem.ts';
import type { PageQuery } from '../schemas/api/list-query.ts';
import { type CursorKeys, parseCursor, writeCursor } from './cursor.ts';

/** Lambda limits a reply to 6 MB. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** `scope` identifies the list: its name, tenant and account. */
export type AskedList = { scope: string[]; query: PageQuery; cursorKeys: CursorKeys };

export type ListRequest = Range & { limit: number };

/**
 * A cursor is valid only for the query that it came from; only `limit` may differ.
 *
 * @throws HttpProblem 400 for a cursor of another query.
 */
export async function listPage<Value, Reply>(
  { scope, query, cursorKeys }: AskedList,
  read: (request: ListRequest) => Promise<Page<Value>>,
  reply: (value: Value) => Reply,
): Promise<{ data: Reply[]; next: string | null }> {
  const { limit, cursor, ...rest } = query;
  const sameList = [scope, Object.entries(rest).toSorted(([left], [right]) => (left < right ? -1 : 1))];
  const after = cursor === undefined ? undefined : parseCursor(cursor, sameList, cursorKeys);
  if (cursor !== undefined && after === undefined) throw notThisQuerys();
  const page = await read({ limit, after, descending: rest.order === 'desc', from: rest.from, to: rest.to });
  const { data, position } = asMuchAsFits(page, reply);
  return { data, next: position === undefined ? null : writeCursor(position, sameList, cursorKeys) };
}

function notThisQuerys(): HttpProblem {
  const detail = 'expected the `next` of a reply to this very query';
  return badRequest(['cursor'], (parameter) => ({ parameter, detail }));
}

/** Cuts the page at the size limit. The first entry is always included. */
function asMuchAsFits<Value, Reply>({ entries, position }: Page<Value>, reply: (value: Value) => Reply) {
  const data: Reply[] = [];
  let bytes = 0;
  let last: string | undefined;
  for (const { id, value } of entries) {
    const next = reply(value);
    // Encoded twice, because the reply is a string within the function's JSON answer.
    bytes += Buffer.byteLength(JSON.stringify(JSON.stringify(next)));
    if (last !== undefined && bytes > MAX_PAGE_BYTES) return { data, position: last };
    data.push(next);
    last = id;
  }
  return { data, position };
}
