import * as z from 'zod';
import type { Decision } from '../run/workflow.ts';
import type { Notification } from './notification.ts';
import { NOTIFICATION_TYPES } from './notification-type.ts';

export type RecordedEvent = {
  id: string;
  notification: Notification;
  /** RFC 3339, UTC, milliseconds. */
  receivedAt: string;
  decision: Decision;
  original: string | undefined;
  /** A replay's decision, if the first one started nothing. */
  redecision?: Redecision | undefined;
  /** Seconds since the epoch; undefined if the record never expires. */
  expiresAt?: number | undefined;
};

/** At most one per event, and it always starts something. */
export type Redecision = Decision & { at: string; replay: string };

export function decisionInForce({ decision, redecision }: Pick<RecordedEvent, 'decision' | 'redecision'>): Decision {
  return redecision ?? decision;
}

export function decidedAt({ receivedAt, redecision }: Pick<RecordedEvent, 'receivedAt' | 'redecision'>): number {
  return Date.parse(redecision?.at ?? receivedAt);
}

export const EventReply = z
  .object({
    id: z
      .string()
      .meta({ description: 'A ULID of the time of occurrence and a digest of the content.', example: '01KKNTQ0YNEYYDECQM1ACT93CY' }),
    tenant: z.string(),
    account: z.string(),
    device: z.string().optional(),
    type: z.enum(NOTIFICATION_TYPES),
    name: z.string(),
    state: z.string(),
    previousState: z.string().optional(),
    threshold: z.number().optional().meta({ description: 'In base units: voice in seconds, data in bytes, text in messages.' }),
    session: z.string().optional(),
    fields: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Fields of this notification type, and every undocumented key: any JSON.' }),
    occurredAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    original: z
      .string()
      .optional()
      .meta({ description: 'The original detail as JSON text, only if the fields above lose a part of it, such as digits.' }),
  })
  .meta({ id: 'Event' });
export type EventReply = z.infer<typeof EventReply>;

export function eventReply(event: RecordedEvent): EventReply {
  return EventReply.parse({ ...event.notification, id: event.id, receivedAt: event.receivedAt, original: event.original });
}
