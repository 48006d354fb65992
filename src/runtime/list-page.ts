import { type CursorKeys, parseCursor, writeCursor } from '../schemas/cursor.ts';
import { badRequest, type HttpProblem } from '../schemas/problem.ts';
import type { PageQuery } from '../schemas/routes/list-query.ts';

/** Lambda takes a reply of 6 MB; what a function adds around the page needs little. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Which list, as its query names it. `of` is the route's own name for it, with tenant and account. */
export type AskedList = { scope: string[]; query: PageQuery; cursorKeys: CursorKeys };

export type ListRequest = {
  limit: number;
  descending: boolean;
  after: string | undefined;
  from: number | undefined;
  to: number | undefined;
};

/** What was read: each entry with its position, and the position behind which to go on, where there may be more. */
export type ReadPage<Value> = { entries: { id: string; value: Value }[]; position: string | undefined };

/**
 * Answers one page of a list. A cursor belongs to its list: everything but the size of the page is part of it.
 *
 * @throws HttpProblem 400 for a cursor that was not written for this query.
 */
export async function listPage<Value, Reply>(
  { scope: of, query, cursorKeys }: AskedList,
  read: (request: ListRequest) => Promise<ReadPage<Value>>,
  reply: (value: Value) => Reply,
): Promise<{ data: Reply[]; next: string | null }> {
  const { limit, cursor, ...rest } = query;
  const sameList = [of, Object.entries(rest).toSorted(([left], [right]) => (left < right ? -1 : 1))];
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

/** A page ends where its reply would be too long; the first entry goes whatever its length. */
function asMuchAsFits<Value, Reply>({ entries, position }: ReadPage<Value>, reply: (value: Value) => Reply) {
  const data: Reply[] = [];
  let bytes = 0;
  let last: string | undefined;
  for (const { id, value } of entries) {
    const next = reply(value);
    // The reply's text is itself a string in the JSON that a function answers with.
    bytes += Buffer.byteLength(JSON.stringify(JSON.stringify(next)));
    if (last !== undefined && bytes > MAX_PAGE_BYTES) return { data, position: last };
    data.push(next);
    last = id;
  }
  return { data, position };
}
