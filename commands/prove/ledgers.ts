import type { Evidence } from './checks/check.ts';

/** One line of the three ledgers, side by side. */
export type LedgerLine = { of: string; sentIn?: number; onRecord?: number; sentOut?: number };

/** What was taken in, and what that started. */
export function tallyIntake({ sentIn, record, recorder }: Evidence): LedgerLine[] {
  const valid = sentIn.entries.filter(({ sent }) => sent !== undefined).length;
  const started = new Set(recorder.started.values().map(({ workflow, eventId }) => `${workflow} ${eventId}`));
  return [
    { of: 'deliveries, repeats among them', sentIn: sentIn.deliveries },
    { of: 'valid notifications', sentIn: valid, onRecord: record.notifications.size },
    { of: 'invalid notifications', sentIn: sentIn.entries.length - valid, onRecord: record.quarantined.size },
    {
      of: 'runs that the rules name, hand-overs to offers apart, and those that were started',
      sentIn: starting({ sentIn }),
      onRecord: started.size,
    },
    { of: 'letters in dead-letter queues', onRecord: record.deadLetters.length },
  ];
}

/** What the runs told. */
export function tallyRuns({ record, sentOut, recorder }: Evidence): LedgerLine[] {
  const unknown = new Set(record.messages.filter(({ state }) => state === 'unknown').map(({ claim }) => claim));
  const leftUnknown = recorder.sent.filter(({ claim }) => unknown.has(claim)).length;
  const gone = record.messages.filter(({ state, hasReceipt }) => hasReceipt || state === 'accepted').length;
  return [
    {
      of: 'runs that ended',
      onRecord: [...record.runs.values()].filter(({ state }) => state === 'finished').length,
    },
    { of: 'messages known to have gone', onRecord: gone, sentOut: sentOut.messages.length - leftUnknown },
    { of: 'messages of unknown outcome, and those of them that left', onRecord: unknown.size, sentOut: leftUnknown },
    { of: 'messages not sent, for a reason on record', onRecord: record.messages.length - gone - unknown.size, sentOut: 0 },
    { of: 'sends hit by a fault that hides the outcome', sentOut: recorder.hitSends.size },
  ];
}

/** What became of offers. Totogi's gifts are sent out too. */
export function tallyOffers({ record: { offers }, pressed, texted, recorder }: Evidence): LedgerLine[] {
  const answers = new Set([...pressed.map(({ claim }) => claim), ...texted.map(({ inboundMessageId }) => inboundMessageId)]);
  const of = (...states: string[]) => offers.offers.filter(({ state }) => states.includes(state)).length;
  const accepted = offers.offers.filter(({ acceptedAt }) => acceptedAt !== undefined).length;
  return [
    { of: 'offers issued', onRecord: offers.offers.length - of('held-out') },
    { of: 'accounts held out, and offers that the gate refused', onRecord: of('held-out', 'denied-by-policy') },
    { of: 'pages pressed and texts of "YES", and offers accepted', sentIn: answers.size, onRecord: accepted },
    { of: 'offers redeemed, and what Totogi gave', onRecord: of('redeemed'), sentOut: recorder.granted.length },
    { of: 'redemptions left to operations (stuck)', onRecord: of('stuck') },
    { of: 'redemptions hit by a fault that hides the outcome', sentOut: recorder.hitGrants.size },
  ];
}

function starting({ sentIn }: Pick<Evidence, 'sentIn'>): number {
  return sentIn.entries.reduce((sum, { starts }) => sum + (starts !== undefined && 'workflows' in starts ? starts.workflows.length : 0), 0);
}
