import * as z from 'zod';
import { Fault } from '../event/fault.ts';

export const QuarantineState = z.enum(['quarantined', 'redriven', 'resolved', 'discarded']);

/** The kept part: the detail, the text from the detail on if it cannot be kept as JSON, or the whole message. */
export const OriginalPart = z.enum(['detail', 'detail-onwards', 'message']);
export type OriginalPart = z.infer<typeof OriginalPart>;

/** An event that could not be recorded: nothing that reached the queue is lost. */
export const QuarantinedEvent = z
  .object({
    id: z.string().meta({ description: "A ULID of the envelope's time and a digest of the original detail." }),
    tenant: z.string(),
    reason: z.enum(['invalid', 'too-large']),
    faults: z.array(Fault),
    envelopeId: z.string().optional(),
    receivedAt: z.iso.datetime(),
    state: QuarantineState,
    redrives: z.int().meta({ description: 'How often the event was redriven.' }),
    redrivenAt: z.iso.datetime().optional(),
    quarantinedAgainAt: z.iso.datetime().optional(),
    resolvedAt: z.iso.datetime().optional(),
    resolvedAs: z
      .object({ tenant: z.string(), account: z.string(), eventId: z.string() })
      .optional()
      .meta({ description: 'The ID of the recorded event.' }),
    discardedAt: z.iso.datetime().optional(),
    discardReason: z.string().optional(),
  })
  .meta({ id: 'QuarantinedEvent' });
export type QuarantinedEvent = z.infer<typeof QuarantinedEvent>;

export const QuarantinedOriginal = QuarantinedEvent.extend({
  original: z.string().meta({ description: 'The original content, to the digit.' }),
  originalIs: OriginalPart.meta({
    description:
      '`detail`: the event\'s detail as JSON text. `detail-onwards`: the message from `"detail":` on, if the detail cannot be stored as JSON. `message`: the whole message, if no detail could be read.',
  }),
  originalIsCut: z.boolean().meta({ description: 'Whether the original was too long to store completely, even compressed.' }),
  correction: z.string().optional().meta({ description: 'The corrected detail of the last redrive, as JSON text.' }),
}).meta({ id: 'QuarantinedOriginal' });
export type QuarantinedOriginal = z.infer<typeof QuarantinedOriginal>;

export const RedriveRequest = z
  .strictObject({
    detail: z
      .record(z.string(), z.unknown(), { error: 'an object: the whole detail of the event, corrected' })
      .optional()
      .meta({ description: 'The complete corrected detail. Default: the original.' }),
  })
  .meta({ id: 'RedriveRequest' });
export type RedriveRequest = z.infer<typeof RedriveRequest>;

const MAX_REASON_LENGTH = 500;

export const DiscardRequest = z
  .strictObject({
    reason: z.string().trim().min(1).max(MAX_REASON_LENGTH).meta({ description: 'Stored with the event, so include no personal data.' }),
  })
  .meta({ id: 'DiscardRequest' });
