import { suppressRecipient } from '../messaging/receipts/suppress-recipient.ts';
import { parseEmailEvent } from '../rules/parse-receipts.ts';
import { MINUTE } from '../runtime/duration.ts';
import { parseJson } from '../runtime/parse-json.ts';
import { CameTooEarly, queueHandler, type RecordOutcome } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import { type EmailEvent, EmailEventEnvelope } from '../schemas/email-event.ts';
import { UNKNOWN_TENANT } from '../schemas/reserved-tenants.ts';
import { recordDelivery } from '../store/offers/sent-messages.ts';
import { recordReceipt } from '../store/receipts.ts';
import { createTableClient, type Table } from '../store/table.ts';

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
      return { tenant: result.message.tenant, type: event.eventType, outcome: outcomeWord(result.outcome) };
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

function outcomeWord(outcome: 'done' | 'already-done' | 'conflict'): string {
  return { done: 'recorded', 'already-done': 'repeated', conflict: 'superseded' }[outcome];
}

export const handler = createHandler({ table: createTableClient(settings().tableName), now: () => Date.now() });
