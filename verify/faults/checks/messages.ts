import type { RecordedMessage } from '../record.ts';
import { type Check, checkEach, type Evidence } from './check.ts';
import { checkRecipients } from './recipients.ts';
import { type Ends, runsKilledForGood } from './runs.ts';

const WENT = new Set(['accepted', 'delivered']);
/** Marketing that was claimed earlier is checked again before it goes: by the send policy, and whether its offer is still open. */
const OF_OUR_OWN = new Set(['outside-hours', 'obsolete']);
const FINAL = new Set(['accepted', 'delivered', 'failed', 'unknown', 'not-sent', 'merged']);

export function checkMessages(evidence: Evidence): Check[] {
  const { record, sentOut, recorder } = evidence;
  const wasKilled = messagesKilledForGood(evidence);
  const left = Map.groupBy(sentOut.messages, ({ messageId }) => messageId);
  const seen = Map.groupBy(recorder.sent, ({ messageId }) => messageId);
  const byClaim = new Map(record.messages.map((message) => [message.claim, message]));
  const sentByClaim = Map.groupBy(recorder.sent, ({ claim }) => claim);
  // Only a message that the carrier took gets a receipt, whatever it says.
  const taken = record.messages.filter(({ state, hasReceipt }) => WENT.has(state) || hasReceipt);
  const known = (wanted: string) => record.messages.filter(({ state, hasReceipt }) => state === wanted && !hasReceipt);
  return [
    checkEach('no claim was sent twice', 'out', sentByClaim, ([claim, sent]) =>
      sent.length === 1 ? undefined : `${claim} was sent ${sent.length} times`,
    ),
    checkEach('the outboxes hold what was seen to leave, and no more', 'out', new Set([...left.keys(), ...seen.keys()]), (messageId) => {
      const [held = 0, wasSeen = 0] = [left.get(messageId)?.length, seen.get(messageId)?.length];
      return held === wasSeen ? undefined : `${messageId} is ${held} times in the outboxes and was seen ${wasSeen} times`;
    }),
    checkEach('whatever left is on record under its claim', 'record and out', recorder.sent, ({ claim, messageId }) => {
      const message = byClaim.get(claim);
      if (message === undefined) return `${claim} left and is not found`;
      const isKnown = message.providerMessageId === messageId || message.state === 'unknown' || wasKilled(message);
      return isKnown ? undefined : `${claim} left and is ${message.state} on record`;
    }),
    checkEach('whatever is on record as taken has left', 'record and out', taken, ({ claim, providerMessageId }) =>
      providerMessageId !== undefined && left.has(providerMessageId) ? undefined : `${claim} is on record as taken and never left`,
    ),
    checkEach('what failed was refused by the carrier, and did not leave', 'record and out', known('failed'), (message) => {
      if (sentByClaim.has(message.claim)) return `${message.claim} failed on record and left`;
      const isRejected = recorder.rejectedSends.has(message.claim) || OF_OUR_OWN.has(message.reason ?? '');
      return isRejected ? undefined : `${message.claim} failed (${message.reason}) and no carrier refused it`;
    }),
    checkEach('every unknown outcome was hit by a fault in its send', 'record and out', known('unknown'), ({ claim, reason }) =>
      recorder.hitSends.has(claim) ? undefined : `${claim} is unknown (${reason}) and nothing hit it`,
    ),
    checkEach('no message is left undecided', 'record', record.messages, (message) => {
      const { claim, state, reason } = message;
      if (!FINAL.has(state) && !wasKilled(message)) return `${claim} is still ${state}`;
      return state === 'not-sent' && reason === undefined ? `${claim} was refused for no reason` : undefined;
    }),
    checkRecipients(evidence),
    checkReceipts(evidence, byClaim, wasKilled),
  ];
}

/** Messages of unknown outcome, each with its reason, the faults that hid its outcome, and whether it left. */
export function listUnknown({ record, recorder }: Evidence): string[] {
  const left = new Set(recorder.sent.map(({ claim }) => claim));
  return record.messages
    .filter(({ state, hasReceipt }) => state === 'unknown' && !hasReceipt)
    .map(({ claim, reason }) => {
      const hits = recorder.hitSends.get(claim)?.join(', then by ') ?? 'nothing';
      return `${claim}: ${reason}; hit by ${hits}; ${left.has(claim) ? 'it left' : 'it did not leave'}`;
    });
}

/** A run that the proof killed for good leaves its message claimed, as it was at the end of the last try. */
export function messagesKilledForGood(evidence: Ends): (message: Pick<RecordedMessage, 'state' | 'eventId' | 'workflow'>) => boolean {
  const runs = runsKilledForGood(evidence);
  return ({ state, eventId, workflow }) => state === 'claimed' && runs.has(`${eventId}#${workflow}`);
}

type WasKilled = ReturnType<typeof messagesKilledForGood>;

function checkReceipts({ carrierReceipts, recorder }: Evidence, byClaim: Map<string, RecordedMessage>, wasKilled: WasKilled): Check {
  const claims = new Map(recorder.sent.map(({ messageId, claim }) => [messageId, claim]));
  return checkEach("the carriers' words are on record", 'record and out', carrierReceipts, ([messageId, word]) => {
    const claim = claims.get(messageId) ?? 'no claim';
    const message = byClaim.get(claim);
    // The service does not know the carrier's ID of a text whose sending was cut off; an email carries our own ID.
    if (message?.state === 'unknown' && message.channel === 'sms') return undefined;
    if (message !== undefined && wasKilled(message)) return undefined;
    return message?.state === word ? undefined : `${claim} was ${word} and is ${message?.state} on record`;
  });
}
