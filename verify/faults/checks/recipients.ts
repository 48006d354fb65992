import type { RecordedMessage } from '../record.ts';
import { asksTotogiForContacts } from '../tenants.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** An email address that bounced before. */
const SUPPRESSED = 'address-suppressed';
/** The offer ended while its message was held: at night, or while Totogi did not return the account's contact. */
const WITHDRAWN = 'obsolete';

export type Known = {
  sentIn: Pick<Evidence['sentIn'], 'entries'>;
  record: Pick<Evidence['record'], 'notifications' | 'messages'>;
  sentOut: Evidence['sentOut'];
  recorder: Pick<Evidence['recorder'], 'sent'>;
  contacts: Evidence['contacts'];
  totogi: Pick<Evidence['totogi'], 'contacts'>;
};

/**
 * Compares each message's recipient with its account's contact, in the record and in the outbox. A message without a recipient must have
 * the reason.
 */
export function checkRecipients(evidence: Known): Check {
  const { sentIn, record } = evidence;
  const addressed = addressedTo(evidence);
  const devices = new Map<string, string | undefined>();
  for (const { session, sent } of sentIn.entries) {
    for (const { id } of record.notifications.get(session) ?? []) devices.set(`${sent?.tenant} ${sent?.account} ${id}`, sent?.device);
  }
  const decided = record.messages.filter(({ state }) => state !== 'merged');
  return checkEach('each message went to its own subscriber, or says that none is known', 'record and out', decided, (message) => {
    const device = devices.get(`${message.tenant} ${message.account} ${message.eventId}`);
    if (!isAsItShould(evidence, message, device)) return `${message.claim} is ${message.state} (${message.reason}) and goes elsewhere`;
    const isElsewhere = addressed.get(message.claim)?.some((to) => to !== contactOf(evidence, message, device));
    return isElsewhere ? `${message.claim} left for somebody else` : undefined;
  });
}

/** The recipients in the outboxes, by claim. */
function addressedTo({ sentOut, recorder }: Known): Map<string, string[]> {
  const claims = new Map(recorder.sent.map(({ messageId, claim }) => [messageId, claim]));
  const byClaim = Map.groupBy(sentOut.messages, ({ messageId }) => claims.get(messageId) ?? 'no claim');
  return new Map([...byClaim].map(([claim, messages]) => [claim, messages.map(({ to }) => to)]));
}

function isAsItShould(evidence: Known, message: RecordedMessage, device: string | undefined): boolean {
  const { tenant, account, state, reason } = message;
  if (state === 'not-sent' && reason === WITHDRAWN) return isMarketing(message);
  const expected = contactOf(evidence, message, device);
  if (expected === undefined) return reason === 'no-contact';
  const mayGo = evidence.contacts.get(`${tenant} ${account}`)?.agreesToMarketing === true || !isMarketing(message);
  if (!mayGo) return state === 'not-sent' && reason === 'no-consent';
  return message.to === expected || (state === 'not-sent' && reason === SUPPRESSED);
}

function contactOf({ contacts, totogi }: Known, { tenant, account, channel }: RecordedMessage, device: string | undefined) {
  const owner = `${tenant} ${account}`;
  const contact = contacts.get(owner);
  const inTotogi = asksTotogiForContacts(tenant) ? totogi.contacts.get(owner) : undefined;
  if (channel === 'email') return contact?.email ?? inTotogi?.email;
  return contact?.phone ?? (device === undefined ? inTotogi?.phone : `+${device}`);
}

/** A confirmation is about the account. */
function isMarketing({ claim, workflow }: RecordedMessage): boolean {
  return workflow === 'retention-offer' && !claim.includes('#confirmation-');
}
