import * as z from 'zod';
import { Fault } from './fault.ts';

/** Where events go that name no usable tenant: no tenant can have this name. */
export const NO_TENANT = '-';

/** An event that could not be recorded, with the reason: nothing that reached the queue is lost. */
export const QuarantinedEvent = z
  .object({
    id: z.string().meta({ description: "A ULID: the envelope's time, then a digest of the original detail." }),
    tenant: z.string(),
    reason: z.enum(['invalid', 'too-large']),
    faults: z.array(Fault),
    envelopeId: z.string().optional(),
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'QuarantinedEvent' });
export type QuarantinedEvent = z.infer<typeof QuarantinedEvent>;
