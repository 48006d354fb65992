/** Requests per second on average, and how many may come at once. */
export type Limit = { perSecond: number; atOnce: number };

export type Throttling = { ofStage: Limit | undefined; ofRoutes: Record<string, Limit> };

/**
 * Counts requests as an HTTP API does, by token bucket: a route with a limit of its own has a bucket of its own, all others share the stage's.
 *
 * @param now milliseconds, never going back.
 * @returns whether a request of a route is let through.
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
