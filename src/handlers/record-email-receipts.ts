import { parseEmailEvent } from '../messaging/receipts/parse-receipts.ts';
import { RECEIPT_OUTCOMES, recordReceipt } from '../messaging/receipts/receipt-records.ts';
import { suppressRecipient } from '../messaging/receipts/suppress-recipient.ts';
import { recordDelivery } from '../offers/sent-messages.ts';
import { MINUTE } from '../platform/duration.ts';
import { parseJson } from '../platform/parse-json.ts';
import { CameTooEarly, queueHandler, type RecordOutcome } from '../platform/queue.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { type EmailEvent, EmailEventEnvelope } from '../schemas/message/email-event.ts';

/** A receipt may arrive before the record of its message. It is retried until then; after that it counts as unmatched. */
const MAY_BE_EARLY_MILLISECONDS = 10 * MINUTE;

export type EmailReceiptsDependencies = { table: Table; now: () => number };

class ReceiptBeforeMessage extends CameTooEarly {
  override name = 'ReceiptBeforeMessage';
}

/**
 * Records the delivery events of SES. Each one updates the message's record or counts as unmatched. An address with a permanent bounce or a
 * complaint goes on the tenant's suppression list.
 */
export function createHandler(deps: EmailReceiptsDependencies) {
  return queueHandler(
    'record-email-receipts',
    async ({ body, sentAt }) => {
      const event = parseBody(body);
      if (!event) return { tenant: UNKNOWN_TENANT, type: 'Invalid', outcome: 'invalid' };
      const { receipt, suppress: reason } = parseEmailEvent(event);
      const result = await recordReceipt(
        deps.table,
        { providerMessageId: event.mail.messageId, messageId: event.mail.tags.message?.[0] },
        receipt,
      );
      if (result.outcome === 'unmatched') return unmatched(event, deps.now() - sentAt);
      // Runs for every outcome, because a retry must finish what the first attempt did not.
      await recordDelivery(deps.table, result.message);
      if (reason) await suppressRecipient(deps.table, result.message, { event, reason, at: receipt.at });
      return { tenant: result.message.tenant, type: event.eventType, outcome: RECEIPT_OUTCOMES[result.outcome] };
    },
    'receipts',
  );
}

function parseBody(body: string): EmailEvent | undefined {
  return EmailEventEnvelope.safeParse(parseJson(body)).data?.detail;
}

function unmatched(event: EmailEvent, ageMilliseconds: number): RecordOutcome {
  if (ageMilliseconds < MAY_BE_EARLY_MILLISECONDS) throw new ReceiptBeforeMessage('No message on record has the id that a receipt names.');
  return { tenant: UNKNOWN_TENANT, type: event.eventType, outcome: 'unmatched' };
}

export const handler = createHandler({ table: createTableClient(readSettings(['tableName']).tableName), now: () => Date.now() });
