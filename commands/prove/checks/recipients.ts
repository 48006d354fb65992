import type { RecordedMessage } from '../record.ts';
import { asksTotogiForContacts } from '../tenants.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** Why what could go does not: a mail bounced before, or an offer ended while its message was held for the night. */
const REFUSALS = new Set(['suppressed', 'no-longer-true']);

/** Each message goes where its account is reached, and one that goes nowhere says so. */
export function checkRecipients(evidence: Evidence): Check {
  const { sentIn, record } = evidence;
  const devices = new Map<string, string | undefined>();
  for (const { session, sent } of sentIn.entries) {
    for (const { id } of record.notifications.get(session) ?? []) devices.set(`${sent?.tenant} ${sent?.account} ${id}`, sent?.device);
  }
  const decided = record.messages.filter(({ state }) => state !== 'merged');
  return checkEach('each message went to its own subscriber, or says that none is known', 'record', decided, (message) => {
    const device = devices.get(`${message.tenant} ${message.account} ${message.eventId}`);
    return isAsItShould(evidence, message, device)
      ? undefined
      : `${message.claim} is ${message.state} (${message.reason}) and goes elsewhere`;
  });
}

function isAsItShould(evidence: Evidence, message: RecordedMessage, device: string | undefined): boolean {
  const { tenant, account, state, reason } = message;
  const expected = contactOf(evidence, message, device);
  if (expected === undefined) return reason === 'no-contact';
  const mayGo = evidence.contacts.get(`${tenant} ${account}`)?.agreesToMarketing === true || !isMarketing(message);
  if (!mayGo) return state === 'refused' && reason === 'no-consent';
  return message.to === expected || (state === 'refused' && REFUSALS.has(reason ?? ''));
}

function contactOf({ contacts, totogi }: Evidence, { tenant, account, channel }: RecordedMessage, device: string | undefined) {
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
