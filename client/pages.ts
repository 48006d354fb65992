/** A page of a list; `next` is the cursor of the page that follows. */
export type Page<Item> = { data: Item[]; next: string | null };

/** Where a page begins: nowhere in particular is the list's beginning. */
export type CursorQuery = { cursor?: string };

/**
 * Every item of a list, page after page; a page is read when its first item is asked for.
 *
 * @param read reads the page at a place: `(at) => client.listTenantEvents(tenant, { type, ...at })`
 */
export async function* each<Item>(read: (at: CursorQuery) => Promise<Page<Item>>): AsyncGenerator<Item, void, undefined> {
  let page = await read({});
  for (;;) {
    yield* page.data;
    if (page.next === null) return;
    page = await read({ cursor: page.next });
  }
}
