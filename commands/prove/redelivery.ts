import { setTimeout as pause } from 'node:timers/promises';
import type { TrafficEntry } from '../emulate/traffic.ts';
import type { LedgerEntry } from './plan.ts';
import type { Witness } from './witness.ts';

/** Delivers a notification once more in the middle of something that is done about it. */
export type Redelivery = {
  /** Knows the notifications of the latest waves. */
  remember(fresh: LedgerEntry[]): void;
  /** Which notification an event id on record stands for. */
  recognise(eventId: string, session: string): void;
  again(arn: string): Promise<void>;
  count(): number;
};

/** The queue and the consumer take a repeat within this, in milliseconds. */
const TAKEN_MILLISECONDS = 150;

export function openRedelivery(witness: Witness, put: (entry: TrafficEntry) => void): Redelivery {
  const entries = new Map<string, TrafficEntry>();
  const sessions = new Map<string, string>();
  let before: string[] = [];
  let count = 0;
  return {
    remember(fresh) {
      for (const session of before) entries.delete(session);
      before = [...entries.keys()];
      for (const { session, entry } of fresh) entries.set(session, entry);
    },
    recognise: (eventId, session) => void sessions.set(eventId, session),
    async again(arn) {
      const entry = entries.get(sessions.get(witness.started.get(arn)?.eventId ?? '') ?? '');
      if (entry === undefined) return;
      count++;
      put(entry);
      await pause(TAKEN_MILLISECONDS);
    },
    count: () => count,
  };
}
