import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sms } from '../../src/channels/sms.ts';
import { openSmsDelivery } from '../../src/channels/sms-delivery.ts';
import { digest, eventId } from '../../src/schemas/event-id.ts';
import type { MessageReference, SendResult } from '../../src/schemas/message.ts';
import type { Profile } from '../../src/schemas/profile.ts';
import { openConfigurations, publishConfiguration } from '../../src/store/configurations.ts';
import { openDayDirectory } from '../../src/store/days.ts';
import { recordEvent } from '../../src/store/events.ts';
import { findMessage } from '../../src/store/messages.ts';
import { saveProfile } from '../../src/store/profiles.ts';
import { notification, published } from '../builders/configuration.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.UTC(2026, 4, 1, 8);
const run = { owner: 'arn:run-1', configuration: 'v-1' };
const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };

let database: TestTable;
let handedOver: Sms[] = [];

beforeAll(async () => {
  database = await openTestTable();
  await publishConfiguration(database.table, published({ senderId: 'EXAMPLE' }), new Date(NOW));
});
afterAll(() => database.close());

function delivery() {
  handedOver = [];
  const { table } = database;
  const send = async (sms: Sms) => {
    handedOver.push(sms);
    return accepted;
  };
  return openSmsDelivery({ table, configurations: openConfigurations(table, () => NOW), sms: { send }, now: () => NOW });
}

/** Records a low counter of an account and names the message about it. */
async function about(
  account: string,
  parts: { profile?: Profile; device?: string; workflow?: MessageReference['workflow'] } = {},
): Promise<MessageReference> {
  const low = notification({ account, device: parts.device, threshold: 1_048_576 });
  const event = { id: eventId(low), notification: low, receivedAt: low.occurredAt, decision: { start: [] }, original: undefined };
  await recordEvent(database.table, openDayDirectory(database.table, 8), 8, event);
  if (parts.profile) await saveProfile(database.table, 'mvno-example', account, parts.profile);
  return { tenant: 'mvno-example', account, eventId: event.id, workflow: parts.workflow ?? 'low-allowance', step: 'sms' };
}

const onRecord = (reference: MessageReference) => findMessage(database.table, reference);

describe('a claim', () => {
  test("is the message as it will be sent, in the profile's language, to the profile's number", async () => {
    const reference = await about('acc-es', { profile: { phone: '+34600000001', language: 'es-MX' }, device: '14155550100' });
    expect(await delivery().claim(reference, run)).toEqual({ outcome: 'claimed' });
    expect(await onRecord(reference)).toEqual({
      ...reference,
      ...run,
      channel: 'sms',
      template: 'low-allowance.sms',
      state: 'claimed',
      class: 'service',
      to: '+34600000001',
      text: 'ES Example CounterThreshold critical bytes remaining 1 MB',
      senderId: 'EXAMPLE',
      claimedAt: new Date(NOW).toISOString(),
    });
  });

  test('speaks the language of the tenant where the profile wants one that nobody wrote', async () => {
    const reference = await about('acc-fr', { profile: { phone: '+14155550101', language: 'fr' } });
    await delivery().claim(reference, run);
    expect((await onRecord(reference))?.text).toMatch(/^EN /);
  });

  test.each([
    ['no-contact', {}],
    ['no-template', { device: '14155550100', configuration: 'v-bare' }],
  ])(
    'without what it needs is refused with the reason %s, on record',
    async (reason, { configuration = 'v-1', ...parts }: { configuration?: string; device?: string }) => {
      await publishConfiguration(database.table, { ...published(), version: 'v-bare', templates: {} }, new Date(NOW));
      const reference = await about(`acc-${reason}`, parts);
      expect(await delivery().claim(reference, { ...run, configuration })).toEqual({ outcome: 'refused', reason });
      expect(await onRecord(reference)).toMatchObject({ state: 'refused', reason });
      expect(await delivery().claim(reference, { ...run, configuration })).toEqual({ outcome: 'refused', reason });
    },
  );

  test('made again by its own run stands as it was, and by another run is refused', async () => {
    const reference = await about('acc-again', { profile: { phone: '+14155550101' } });
    await delivery().claim(reference, run);
    await saveProfile(database.table, 'mvno-example', 'acc-again', { phone: '+14155550102' });
    expect(await delivery().claim(reference, run)).toEqual({ outcome: 'claimed' });
    expect(await delivery().claim(reference, { ...run, owner: 'arn:run-2' })).toEqual({
      outcome: 'refused',
      reason: 'claimed-by-another-run',
    });
    expect(await onRecord(reference)).toMatchObject({ to: '+14155550101', owner: 'arn:run-1' });
  });
});

describe('a claimed message', () => {
  test('is handed over as it was claimed, and leads back from its receipt', async () => {
    const reference = await about('acc-sent', { profile: { phone: '+14155550101' } });
    const sms = delivery();
    await sms.claim(reference, run);
    expect(await sms.send(reference)).toEqual(accepted);
    await sms.settle(reference, accepted);
    const stored = await onRecord(reference);
    expect(handedOver).toEqual([{ to: stored?.to, text: stored?.text, senderId: 'EXAMPLE' }]);
    expect(stored).toMatchObject({ state: 'accepted', providerMessageId: 'provider-1', settledAt: new Date(NOW).toISOString() });
    const Key = { pk: `LOOKUP#receipt#${digest('provider-1').toString('hex')}`, sk: 'TARGET' };
    const { Item } = await database.table.client.send(new GetCommand({ TableName: database.table.name, Key }));
    expect(Item).toMatchObject({ targetPk: expect.stringContaining('acc-sent'), targetSk: expect.stringMatching(/^MESSAGE#/) });
  });

  test('that is settled is not handed over again, and keeps its first outcome', async () => {
    const reference = await about('acc-settled', { profile: { phone: '+14155550101' } });
    const sms = delivery();
    await sms.claim(reference, run);
    await sms.settle(reference, { outcome: 'unknown', reason: 'interrupted' });
    await sms.settle(reference, { outcome: 'unknown', reason: 'interrupted' });
    await sms.settle(reference, accepted);
    expect(await sms.send(reference)).toEqual({ outcome: 'failed', reason: 'not-claimed' });
    expect(handedOver).toEqual([]);
    expect(await onRecord(reference)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
  });
});
