import type { ClaimedMessage } from '../../src/messaging/message-records.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import type { RecordedEvent } from '../../src/schemas/event/recorded-event.ts';
import type { MessageReference } from '../../src/schemas/message/message.ts';
import { notification } from './configuration.ts';

export const EVENT_ID = '01KQHA8V00Z5J6W7V8N9P0R1S2';

/** An event with its decision, ready to be recorded; what is given replaces parts of its notification. */
export function recordedEvent(parts: Record<string, unknown> = {}): RecordedEvent {
  const content = notification(parts);
  const decision = { start: ['low-allowance' as const], configuration: 'v-1' };
  return { id: eventId(content), notification: content, receivedAt: '2026-05-01T08:00:02.000Z', decision, original: undefined };
}

/** Which message; what is given replaces parts. */
export function messageReference(parts: Partial<MessageReference> = {}): MessageReference {
  return { tenant: 'mvno-example', account: 'acc-1', eventId: EVENT_ID, workflow: 'low-allowance', step: 'notice-sms', ...parts };
}

/** A message about to be sent. */
export function claimedMessage(parts: Partial<ClaimedMessage> = {}): ClaimedMessage {
  return {
    ...messageReference(),
    channel: 'sms',
    template: 'low-allowance.sms',
    state: 'claimed',
    owner: 'execution-1',
    to: '+14155550101',
    text: 'Your data is low.',
    configuration: 'v-1',
    claimedAt: '2026-05-01T08:00:03.000Z',
    ...parts,
  };
}
