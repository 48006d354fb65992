import { parseSmsStatus } from '../messaging/receipts/parse-receipts.ts';
import { RECEIPT_OUTCOMES, recordReceipt } from '../messaging/receipts/receipt-records.ts';
import { recordDelivery } from '../offers/sent-messages.ts';
import { logSubscriptionHandler } from '../platform/log-subscription.ts';
import { parseJson } from '../platform/parse-json.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { SmsStatus } from '../schemas/message/sms-status.ts';

/** Records delivery receipts from the SNS delivery log, which covers every text of this AWS account, ours or not. */
export function createHandler({ table }: { table: Table }) {
  return logSubscriptionHandler(
    'record-sms-receipts',
    async ({ message, loggedAt }) => {
      const status = parseLine(message);
      if (!status) return { tenant: UNKNOWN_TENANT, type: 'Invalid', outcome: 'invalid' };
      const type = status.status === 'SUCCESS' ? 'Delivery' : 'Failure';
      const result = await recordReceipt(table, { providerMessageId: status.notification.messageId }, parseSmsStatus(status, loggedAt));
      if (result.outcome === 'unmatched') return { tenant: UNKNOWN_TENANT, type, outcome: 'unmatched' };
      await recordDelivery(table, result.message);
      return { tenant: result.message.tenant, type, outcome: RECEIPT_OUTCOMES[result.outcome] };
    },
    'receipts',
  );
}

function parseLine(message: string): SmsStatus | undefined {
  return SmsStatus.safeParse(parseJson(message)).data;
}

export const handler = createHandler({ table: createTableClient(readSettings(['tableName']).tableName) });
