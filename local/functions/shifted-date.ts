/**
 * Replaces the global `Date` of this thread by one that is `offsetMs()` milliseconds ahead.
 *
 * Only "now" moves: `Date.now()`, `new Date()` and `Date()`. Explicit dates stay, and `instanceof Date` works for all. Timers do not move:
 * they wait in real time.
 */
export function shiftDate(offsetMs: () => number): void {
  const RealDate = Date;
  const now = () => RealDate.now() + offsetMs();
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
  });
  // Libraries that copy dates expect `someDate.constructor` to be the shifted one.
  Object.defineProperty(RealDate.prototype, 'constructor', { value: globalThis.Date, writable: true, configurable: true });
}
