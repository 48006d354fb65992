import { setTimeout as pause } from 'node:timers/promises';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import type { LedgerEntry } from './plan.ts';
import type { Listener, Recorder } from './recorder.ts';

/** Delivers a notification again while its run is in the middle of something. */
export type Redelivery = {
  /** Keeps the notifications of the latest waves. */
  remember(fresh: LedgerEntry[]): void;
  listener: Listener;
  /** Resolves when the consumer tries to record the repeat, or after a time limit. */
  again(arn: string): Promise<void>;
  /** How many repeats the consumer tried to record in time. */
  count(): number;
};

/** A client does not wait much longer for an answer. */
const MAX_DURATION_MILLISECONDS = 2_000;

export function createRedelivery(recorder: Recorder, put: (entry: TrafficEntry) => void): Redelivery {
  const entries = new Map<string, TrafficEntry>();
  const sessions = new Map<string, string>();
  /** Callbacks by session, for when the consumer tries to record the repeat. */
  const awaited = new Map<string, () => void>();
  let before: string[] = [];
  let count = 0;
  return {
    remember(fresh) {
      for (const session of before) entries.delete(session);
      before = [...entries.keys()];
      for (const { session, entry } of fresh) entries.set(session, entry);
    },
    listener: {
      asked: (session) => awaited.get(session)?.(),
      recorded: (eventId, session) => void sessions.set(eventId, session),
    },
    async again(arn) {
      const session = sessions.get(recorder.started.get(arn)?.eventId ?? '') ?? '';
      const entry = entries.get(session);
      if (entry === undefined) return;
      const { promise: taken, resolve } = Promise.withResolvers<boolean>();
      awaited.set(session, () => resolve(true));
      put(entry);
      if (await Promise.race([taken, pause(MAX_DURATION_MILLISECONDS, false)])) count++;
      awaited.delete(session);
    },
    count: () => count,
  };
}
