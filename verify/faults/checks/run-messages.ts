import type { RecordedMessage } from '../record.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** The lowest and highest number of messages that a run records, by outcome; `otherwise` is for all other outcomes. */
type MessageCounts = Record<string, readonly [number, number]> & { otherwise: readonly [number, number] };

const NONE = [0, 0] as const;
const ONE = [1, 1] as const;

/** From docs/configuration.md, not from the code of the workflows. */
const MESSAGE_COUNTS: Record<string, MessageCounts> = {
  welcome: { stale: NONE, 'part-of-episode': NONE, otherwise: [2, 2] },
  rollover: { stale: NONE, 'part-of-episode': NONE, otherwise: ONE },
  'win-back': { stale: NONE, 'part-of-episode': NONE, otherwise: ONE },
  // At most the notice and the reminder on both channels, and the confirmation.
  'retention-offer': { stale: NONE, 'no-offer-fits': NONE, 'held-out': NONE, superseded: [0, 4], otherwise: [1, 5] },
  'renewal-succeeded': { stale: NONE, 'part-of-episode': NONE, otherwise: ONE },
  'low-allowance': { stale: NONE, recovered: NONE, otherwise: ONE },
  'credit-alert': { stale: NONE, recovered: NONE, otherwise: [1, 2] },
  'plan-expiry': { stale: NONE, 'part-of-episode': NONE, resolved: [0, 1], completed: [2, 2], otherwise: ONE },
  'renewal-failed': { stale: NONE, 'part-of-episode': NONE, resolved: [0, 4], otherwise: [3, 4] },
};

/** Workflows with a single message. */
const SINGLE = new Set(['rollover', 'renewal-succeeded', 'low-allowance']);

export function checkRunMessages({ record }: Evidence): Check[] {
  const messages = Map.groupBy(record.messages, ({ eventId, workflow }) => `${eventId}#${workflow}`);
  const finished = [...record.runs].filter(([, { state }]) => state === 'finished');
  return [
    checkEach('each run left the messages that its end says', 'record', finished, ([run, { outcome = '' }]) => {
      const counts = MESSAGE_COUNTS[run.split('#')[1] ?? ''];
      const [least, most] = counts?.[outcome] ?? counts?.otherwise ?? NONE;
      const count = messages.get(run)?.length ?? 0;
      return count >= least && count <= most ? undefined : `${run} ended as ${outcome} with ${count} messages`;
    }),
    checkEach('a run says of its message what the message says', 'record', finished, ([run, { outcome = '' }]) => {
      const [message] = messages.get(run) ?? [];
      if (message === undefined || !SINGLE.has(run.split('#')[1] ?? '')) return undefined;
      return outcome === outcomeOf(message) ? undefined : `${run} ended as ${outcome}, its message is ${message.state}`;
    }),
  ];
}

/** A receipt proves that the message was sent. */
function outcomeOf({ state, hasReceipt }: RecordedMessage): string {
  if (state === 'merged' || (state === 'unknown' && !hasReceipt)) return state;
  return hasReceipt || state === 'accepted' ? 'sent' : 'not-sent';
}
