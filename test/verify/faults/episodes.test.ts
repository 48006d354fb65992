import { expect, test } from 'vitest';
import { checkEpisodes, type KnownEpisodes } from '../../../verify/faults/checks/episodes.ts';

const MINUTE = 60_000;

type Happened = { id: string; minute: number; outcome?: string; event?: string; account?: string; plan?: string; device?: string };

/** What is wrong with what was absorbed, and with what was told, where these events started a workflow each. */
function wrong(workflow: string, ...events: Happened[]): [absorbed: number, sentTwice: number] {
  const accountOf = ({ account = 'account-1' }: Happened) => ({ tenant: 'prove-patient', account });
  const about = { name: 'x', state: 'x', type: 'x' };
  const entries = events.map((event) => {
    const { id, minute, plan, device } = event;
    const sent = { ...about, ...accountOf(event), session: id, plan, device, occurredAt: minute * MINUTE };
    return { session: id, sent, fault: undefined, starts: undefined, deliveries: 1 };
  });
  const notifications = new Map(
    events.map((event) => {
      const recordedNotification = {
        ...about,
        ...accountOf(event),
        id: event.id,
        device: event.device,
        starts: [workflow],
        reason: undefined,
        receivedAt: '',
      };
      const sentOnce = [recordedNotification];
      return [event.id, sentOnce] as const;
    }),
  );
  const runs = new Map(
    events.map(({ id, outcome = 'sent', event }) => [`${id}#${workflow}`, { state: 'finished', outcome, event }] as const),
  );
  const messages = events
    .filter(({ outcome = 'sent' }) => outcome === 'sent')
    .map((event) => ({
      ...accountOf(event),
      claim: `${event.id}#${workflow}#notice-sms`,
      workflow,
      eventId: event.id,
      channel: 'sms',
      state: 'accepted',
      reason: undefined,
      to: undefined,
      providerMessageId: undefined,
      hasReceipt: false,
    }));
  const known: KnownEpisodes = { sentIn: { entries }, record: { notifications, runs, messages } };
  const [absorbed, twice] = checkEpisodes(known);
  return [absorbed?.wrong.length ?? Number.NaN, twice?.wrong.length ?? Number.NaN];
}

const first = { id: 'event-1', minute: 0 };
const absorbed = { id: 'event-2', outcome: 'part-of-episode', event: 'event-1' };

test('what is absorbed is part of an episode that another event tells', () => {
  expect(wrong('rollover', first, { ...absorbed, minute: 29 })).toEqual([0, 0]);
  expect(wrong('rollover', first, { ...absorbed, minute: 30 })).toEqual([1, 0]);
  expect(wrong('welcome', first, { ...absorbed, minute: 10 })).toEqual([1, 0]);
  expect(wrong('welcome', first, { ...absorbed, minute: 1, plan: 'another' })).toEqual([1, 0]);
  expect(wrong('welcome', first, { ...absorbed, minute: 1, device: 'another' })).toEqual([1, 0]);
  expect(wrong('welcome', first, { ...absorbed, minute: 1, account: 'another' })).toEqual([1, 0]);
  expect(wrong('welcome', { ...absorbed, minute: 1 })).toEqual([1, 0]);
  expect(wrong('welcome', { ...first, outcome: 'stale' }, { ...absorbed, minute: 1 })).toEqual([1, 0]);
  expect(wrong('renewal-failed', first, { ...absorbed, minute: 2_000 })).toEqual([0, 0]);
});

test('an episode is told once', () => {
  expect(wrong('win-back', first, { id: 'event-2', minute: 29 })).toEqual([0, 1]);
  expect(wrong('win-back', first, { id: 'event-2', minute: 30 })).toEqual([0, 0]);
  expect(wrong('win-back', first, { id: 'event-2', minute: 1, device: 'another' })).toEqual([0, 0]);
});
