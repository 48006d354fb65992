/**
 * Replaces the global `Date` of this thread by one that runs ahead by `offsetMs()` milliseconds.
 *
 * What is given explicitly stays as given; only "now" moves: `Date.now()`, `new Date()` and `Date()`. Dates made before and after are
 * `instanceof Date` alike. Timers are not moved: who waits for a date waits in real time.
 */
export function shiftDate(offsetMs: () => number): void {
  const RealDate = Date;
  const now = () => RealDate.now() + offsetMs();
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
  });
  // `someDate.constructor` leads back to the shifted one, as libraries that copy dates expect.
  Object.defineProperty(RealDate.prototype, 'constructor', { value: globalThis.Date, writable: true, configurable: true });
}
