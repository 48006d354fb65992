/** `perSecond` is the average rate, `atOnce` the burst. */
export type Limit = { perSecond: number; atOnce: number };

export type Throttling = { ofStage: Limit | undefined; ofRoutes: Record<string, Limit> };

/**
 * Emulates an HTTP API's token buckets: a route with its own limit has its own bucket, all others share the stage's.
 *
 * @param now milliseconds, monotonic.
 */
export function createThrottle({ ofStage, ofRoutes }: Throttling, now: () => number): (routeKey: string) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (routeKey) => {
    const own = ofRoutes[routeKey];
    const limit = own ?? ofStage;
    if (!limit) return true;
    const name = own ? routeKey : 'stage';
    const { tokens, at } = buckets.get(name) ?? { tokens: limit.atOnce, at: now() };
    const time = now();
    const filled = Math.min(limit.atOnce, tokens + ((time - at) / 1_000) * limit.perSecond);
    buckets.set(name, { tokens: filled >= 1 ? filled - 1 : filled, at: time });
    return filled >= 1;
  };
}
