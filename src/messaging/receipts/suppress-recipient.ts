import type { Table } from '../../platform/table.ts';
import { suppress } from '../../profiles/suppressions.ts';
import type { EmailEvent } from '../../schemas/message/email-event.ts';
import type { MessageRecord } from '../../schemas/message/message.ts';

/** Puts the message's address on the tenant's suppression list. Falls back to the address that SES names when ours was erased. */
export async function suppressRecipient(
  table: Table,
  { tenant, to }: MessageRecord,
  { event, reason, at }: { event: EmailEvent; reason: string; at: string },
): Promise<void> {
  const address = to ?? recipientOf(event);
  if (address !== undefined) await suppress(table, tenant, 'email', address, { reason, at });
}

function recipientOf(event: EmailEvent): string | undefined {
  if (event.eventType === 'Bounce') return event.bounce.bouncedRecipients[0]?.emailAddress;
  return event.eventType === 'Complaint' ? event.complaint.complainedRecipients[0]?.emailAddress : undefined;
}
