import * as z from 'zod';
import { isObject } from './json-object.ts';

/**
 * EventBridge's standard envelope, as far as we rely on it. Totogi publishes no values for `source` and `detail-type`, so nothing depends
 * on them. Id and time are read by their user: an odd id harms nobody, and a detail may bring its own time.
 */
export const EventEnvelope = z.object(
  {
    id: z.unknown().optional(),
    time: z.unknown().optional(),
    // `z.record` would copy the detail, key by key; what is in it is looked at next anyway.
    detail: z.custom<Record<string, unknown>>(isObject, 'an object'),
  },
  { error: 'an EventBridge event (a JSON object with a detail)' },
);
export type EventEnvelope = z.infer<typeof EventEnvelope>;
