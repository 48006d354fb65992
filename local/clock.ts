import type { State } from './state.ts';

export type Clock = {
  /** Milliseconds since the epoch, offset included. */
  now(): number;
  /** How far it is ahead of the machine's clock, in milliseconds. */
  offsetMs(): number;
  /** Stores the new offset, then calls every listener. `seconds` must be above zero. */
  advance(seconds: number): void;
  onAdvance(listener: () => void): void;
};

/** The offset is stored in the state, so that a restart does not turn time back. */
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

/** In milliseconds: one number in memory shared with a thread. */
export type SharedOffset = Float64Array<SharedArrayBuffer>;

/** A thread sees a change of the clock at once. Without a clock the offset is 0. */
export function shareOffset(clock?: Clock): SharedOffset {
  const offset = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  const follow = () => offset.set([clock?.offsetMs() ?? 0]);
  follow();
  clock?.onAdvance(follow);
  return offset;
}

/** setTimeout fires at once for delays over 2^31-1 ms (24.8 days), so longer waits are split. */
export const maxTimerMs = 24 * 60 * 60 * 1_000;
