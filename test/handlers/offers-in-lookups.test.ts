import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHandler } from '../../src/handlers/lookup-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { callApi } from '../builders/api-call.ts';
import { notification } from '../builders/configuration.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = Date.parse('2026-05-01T08:05:00.000Z');
const PATH = { tenant: 'mvno-example', account: 'acc-1' };

let opened: TestTable;
let handler: ReturnType<typeof createHandler>;
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  opened = await openTestTable();
  handler = createHandler({ tables: () => opened.table, cursorKeys: ['k'.repeat(32)], now: () => AT });
});
afterAll(() => opened.close());

async function record(name: string): Promise<string> {
  const event = notification({ ...PATH, name });
  const stored = { id: eventId(event), notification: event, receivedAt: '2026-05-01T08:00:00.000Z', decision: { start: [] } };
  await recordEvent(opened.table, createDayDirectory(opened.table, 8), 8, { ...stored, original: undefined });
  return stored.id;
}

test('an issue stands with the event that led to it, in its explanation and in the timeline', async () => {
  const [plain, offerId] = [await record('Data'), await record('Voice')].toSorted();
  await issueOffer(opened.table, { ...PATH, offerId: String(offerId), configuration: 'v-1' }, { offer: offer(), heldOut: true }, AT);
  const explain = (id: unknown) => callApi(handler, 'explainEvent', { path: { ...PATH, eventId: String(id) } });
  const shown = { offerId, offer: 'free-month', state: 'held-out', summary: expect.stringContaining('in the holdout') };
  expect((await explain(offerId)).body.offer).toMatchObject(shown);
  expect((await explain(plain)).body).not.toHaveProperty('offer');

  const pages: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { limit: '1', ...(cursor && { cursor }) };
    const { body } = await callApi(handler, 'listTimeline', { path: PATH, query });
    pages.push(body.data);
    if (typeof body.next !== 'string') break;
    cursor = body.next;
  }
  expect(pages.flat()).toMatchObject([
    { kind: 'offer', offer: shown },
    { kind: 'event', event: { id: offerId } },
    { kind: 'event', event: { id: plain } },
  ]);
});
