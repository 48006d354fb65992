import * as z from 'zod';
import { isObject } from '../../platform/json-object.ts';

/**
 * EventBridge's standard envelope. Totogi publishes no values for `source` and `detail-type`, so nothing depends on them. ID and time are
 * parsed later: an odd ID is harmless, and a detail may have its own time.
 */
export const EventEnvelope = z.object(
  {
    id: z.unknown().optional(),
    time: z.unknown().optional(),
    // `z.record` would copy the detail key by key, and its content is validated later anyway.
    detail: z.custom<Record<string, unknown>>(isObject, 'an object'),
  },
  { error: 'an EventBridge event (a JSON object with a detail)' },
);
export type EventEnvelope = z.infer<typeof EventEnvelope>;
