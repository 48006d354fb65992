import { isoTime } from '../platform/time.ts';
import { ulidTime } from '../platform/ulid.ts';
import type { QuarantinedOriginal } from '../schemas/operations/quarantined-event.ts';

export type Redriven = Pick<QuarantinedOriginal, 'id' | 'original' | 'originalIs' | 'envelopeId'> & {
  /** Whether the envelope had a readable time, which the ID then begins with. */
  hadTime: boolean;
};

/**
 * The queue message that returns a quarantined event to the consumer, in an envelope like EventBridge's.
 *
 * ID and time are those of the first envelope, since they are part of the event's identity if it has no invocation time. If the first
 * envelope had no time, neither has this one.
 *
 * @param correction the corrected detail as JSON text, in place of the original.
 */
export function redrivenMessage({ id, original, originalIs, envelopeId, hadTime }: Redriven, correction?: string): string {
  if (correction === undefined && originalIs === 'message') return original;
  const envelope = {
    version: '0',
    id: envelopeId ?? id,
    'detail-type': 'Redriven Notification',
    source: 'totogi-notifications',
    ...(hadTime ? { time: isoTime(ulidTime(id)) } : {}),
  };
  const head = JSON.stringify(envelope).slice(0, -1);
  if (correction === undefined && originalIs === 'detail-onwards') return `${head},${original}`;
  return `${head},"detail":${correction ?? original}}`;
}
