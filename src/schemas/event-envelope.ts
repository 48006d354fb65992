import * as z from 'zod';

/**
 * EventBridge's standard envelope, as far as we rely on it. Totogi publishes no values for `source` and `detail-type`, so nothing depends
 * on them. The time is read by its user, since a detail may bring its own.
 */
export const EventEnvelope = z.looseObject(
  {
    id: z.string().optional().catch(undefined),
    time: z.unknown().optional(),
    detail: z.record(z.string(), z.unknown(), { error: 'an object' }),
  },
  { error: 'an EventBridge event (a JSON object with a detail)' },
);
export type EventEnvelope = z.infer<typeof EventEnvelope>;
