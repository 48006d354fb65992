import type { Clock } from '../../local/clock.ts';

/** A clock that stands still, and moves only when it is told to: what waits for it waits for the test. */
export function frozenClock(at: number): Clock {
  let time = at;
  const listeners: (() => void)[] = [];
  return {
    now: () => time,
    offsetMs: () => time - Date.now(),
    advance(seconds) {
      time += seconds * 1_000;
      for (const listener of listeners) listener();
    },
    onAdvance: (listener) => listeners.push(listener),
  };
}
