import type { Evidence } from './checks/check.ts';

export type LedgerLine = { name: string; sentIn?: number; onRecord?: number; sentOut?: number };

export function tallyIntake({ sentIn, record, recorder }: Evidence): LedgerLine[] {
  const valid = sentIn.entries.filter(({ sent }) => sent !== undefined).length;
  const started = new Set(recorder.started.values().map(({ workflow, eventId }) => `${workflow} ${eventId}`));
  return [
    { name: 'deliveries, repeats among them', sentIn: sentIn.deliveries },
    { name: 'valid notifications', sentIn: valid, onRecord: record.notifications.size },
    { name: 'invalid notifications', sentIn: sentIn.entries.length - valid, onRecord: record.quarantined.size },
    {
      name: 'runs that the rules name, starts of offers apart, and those that were started',
      sentIn: starting({ sentIn }),
      onRecord: started.size,
    },
    { name: 'letters in dead-letter queues', onRecord: record.deadLetters.length },
  ];
}

export function tallyRuns({ record, sentOut, recorder }: Evidence): LedgerLine[] {
  const unknown = new Set(record.messages.filter(({ state }) => state === 'unknown').map(({ claim }) => claim));
  const leftUnknown = recorder.sent.filter(({ claim }) => unknown.has(claim)).length;
  const gone = record.messages.filter(({ state, hasReceipt }) => hasReceipt || state === 'accepted').length;
  return [
    {
      name: 'runs that ended',
      onRecord: [...record.runs.values()].filter(({ state }) => state === 'finished').length,
    },
    { name: 'messages known to have gone', onRecord: gone, sentOut: sentOut.messages.length - leftUnknown },
    { name: 'messages of unknown outcome, and those of them that left', onRecord: unknown.size, sentOut: leftUnknown },
    { name: 'messages not sent, for a reason on record', onRecord: record.messages.length - gone - unknown.size, sentOut: 0 },
    { name: 'sends hit by a fault that hides the outcome', sentOut: recorder.hitSends.size },
  ];
}

/** What Totogi granted counts as sent out. */
export function tallyOffers({ record: { offers }, pressed, texted, recorder }: Evidence): LedgerLine[] {
  const answers = new Set([...pressed.map(({ claim }) => claim), ...texted.map(({ inboundMessageId }) => inboundMessageId)]);
  const inState = (...states: string[]) => offers.offers.filter(({ state }) => states.includes(state)).length;
  const accepted = offers.offers.filter(({ acceptedAt }) => acceptedAt !== undefined).length;
  return [
    { name: 'offers issued', onRecord: offers.offers.length - inState('held-out') },
    { name: 'accounts held out, and offers that the policy denied', onRecord: inState('held-out', 'denied-by-policy') },
    { name: 'pages pressed and texts of "YES", and offers accepted', sentIn: answers.size, onRecord: accepted },
    { name: 'offers redeemed, and what Totogi gave', onRecord: inState('redeemed'), sentOut: recorder.granted.length },
    { name: 'redemptions left to operations (stuck)', onRecord: inState('stuck') },
    { name: 'redemptions hit by a fault that hides the outcome', sentOut: recorder.hitGrants.size },
  ];
}

function starting({ sentIn }: Pick<Evidence, 'sentIn'>): number {
  return sentIn.entries.reduce((sum, { starts }) => sum + (starts !== undefined && 'workflows' in starts ? starts.workflows.length : 0), 0);
}
