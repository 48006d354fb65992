import type { State } from './state.ts';

/** The service's time: the machine's, moved ahead by what `advance` added so far. */
export type Clock = {
  /** Milliseconds since the epoch, shifted by the offset. */
  now(): number;
  /** How far this clock is ahead of the machine's, in milliseconds. */
  offsetMs(): number;
  /** Moves the clock ahead, durably, then tells every listener. Seconds must be a number above zero. */
  advance(seconds: number): void;
  onAdvance(listener: () => void): void;
};

/** A clock whose offset lives in the state, so that a restart does not turn time back. */
export function createClock(state: State): Clock {
  state.db.exec('CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset_ms INTEGER NOT NULL)');
  const stored = state.db.prepare('SELECT offset_ms FROM clock').get()?.offset_ms;
  const store = state.db.prepare('INSERT INTO clock VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET offset_ms = excluded.offset_ms');
  const listeners: (() => void)[] = [];
  let offset = Number(stored ?? 0);
  return {
    now: () => Date.now() + offset,
    offsetMs: () => offset,
    advance(seconds) {
      const ahead = offset + Math.round(seconds * 1_000);
      if (!(seconds > 0) || !Number.isSafeInteger(ahead)) throw new RangeError('a clock moves ahead by a number of seconds above 0');
      store.run(ahead);
      offset = ahead;
      for (const listener of listeners) listener();
    },
    onAdvance: (listener) => listeners.push(listener),
  };
}

/** How far a clock is ahead of the machine's, in milliseconds: one number, shared with a thread. */
export type SharedOffset = Float64Array<SharedArrayBuffer>;

/** A clock's offset for a thread, where it is in force as soon as the clock was moved; without a clock, that of the machine's own. */
export function shareOffset(clock?: Clock): SharedOffset {
  const offset = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  const follow = () => offset.set([clock?.offsetMs() ?? 0]);
  follow();
  clock?.onAdvance(follow);
  return offset;
}

/** setTimeout fires at once for delays over 2^31-1 ms (24.8 days); waits of months are therefore taken in pieces. */
export const maxTimerMs = 24 * 60 * 60 * 1_000;
