import { describe, expect, test } from 'vitest';
import { checkRecipients, type Known } from '../../../verify/faults/checks/recipients.ts';

type Message = Known['record']['messages'][number];

const notice: Message = {
  claim: 'event-1#retention-offer#notice-email',
  tenant: 'prove-patient',
  account: 'account-1',
  workflow: 'retention-offer',
  eventId: 'event-1',
  channel: 'email',
  state: 'not-sent',
  reason: undefined,
  to: undefined,
  providerMessageId: undefined,
  hasReceipt: false,
};
const confirmation = { claim: 'event-1#retention-offer#confirmation-email' };
const reached = { phone: '+12025550100', email: 'one@proof.example' };

/** How many of these messages are wrong, where the account is known so and the outbox has the message for somebody. */
function wrong(message: Partial<Message>, contact?: { phone: string; email: string; agreesToMarketing: boolean }, left?: string): number {
  const contacts: Known['contacts'] = new Map(contact && [['prove-patient account-1', contact]]);
  const record = { notifications: new Map(), messages: [{ ...notice, ...message }] };
  const sentOut = { messages: left === undefined ? [] : [{ messageId: 'mail-1', to: left }] };
  const recorder = { sent: [{ messageId: 'mail-1', claim: notice.claim }] };
  return checkRecipients({ sentIn: { entries: [] }, record, sentOut, recorder, contacts, totogi: { contacts: new Map() } }).wrong.length;
}

describe('where a message goes', () => {
  test.each<[claim: string, message: Partial<Message>, contact: Parameters<typeof wrong>[1], wrong: number]>([
    [
      'what goes where its account is reached is right',
      { state: 'accepted', to: reached.email },
      { ...reached, agreesToMarketing: true },
      0,
    ],
    ['what goes elsewhere is wrong', { state: 'accepted', to: 'two@proof.example' }, { ...reached, agreesToMarketing: true }, 1],
    ['what goes without consent is wrong', { state: 'accepted', to: reached.email }, { ...reached, agreesToMarketing: false }, 1],
    ['where nobody is known it says so', { reason: 'no-contact' }, undefined, 0],
    ['where nobody is known it goes nowhere', { state: 'accepted', to: reached.email }, undefined, 1],
    ['an offer that ended while the contact was awaited is withdrawn', { reason: 'obsolete' }, undefined, 0],
    ['nothing else is withdrawn', { ...confirmation, reason: 'obsolete' }, undefined, 1],
  ])('%s', (_claim, message, contact, expected) => {
    expect(wrong(message, contact)).toBe(expected);
  });

  test('what its record sends to the right address and its outbox to another is wrong', () => {
    const contact = { ...reached, agreesToMarketing: true };
    expect(wrong({ state: 'accepted', to: reached.email }, contact, reached.email)).toBe(0);
    expect(wrong({ state: 'accepted', to: reached.email }, contact, 'two@proof.example')).toBe(1);
  });
});
