import canonicalize from 'canonicalize';
import { digest } from '../../platform/hash.ts';
import { ulid } from '../../platform/ulid.ts';
import type { Notification } from './notification.ts';

/** Values beyond a double. Two notifications that differ only there are two events. */
export type ExactDigits = { threshold: string | null; fields: unknown };

/**
 * The ID of a notification: a ULID whose time part is when it occurred and whose random part is the first 80 bits of SHA-256 over RFC 8785
 * canonical JSON of its content. The same content has the same ID in any envelope. Stored IDs are never computed again, so a change here
 * needs a new `v` and must keep the golden vectors of `v: 1`.
 */
export function eventId(notification: Notification, digits?: ExactDigits): string {
  const content = {
    account: notification.account,
    device: notification.device ?? null,
    ...(digits && { digits }),
    fields: notification.fields,
    name: notification.name,
    occurredAt: notification.occurredAt,
    previousState: notification.previousState ?? null,
    session: notification.session ?? null,
    state: notification.state,
    tenant: notification.tenant,
    threshold: notification.threshold ?? null,
    v: 1,
  };
  // JSON.stringify writes canonical texts and numbers in a quarter of the time: only keys from the input need sorting.
  const isSorted = !digits && Object.keys(notification.fields).length === 0;
  const text = isSorted ? JSON.stringify(content) : canonicalize(content);
  return ulid(Date.parse(notification.occurredAt), digest(text ?? ''));
}
