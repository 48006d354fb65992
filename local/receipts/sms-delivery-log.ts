import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export type SmsReceipt = {
  kind: 'sms-delivered' | 'sms-failed';
  providerMessageId: string;
  to: string;
  /** The carrier's words; by default AWS's most common ones. */
  words: string | undefined;
  /** Milliseconds since the epoch. */
  at: number;
  region: string;
  accountId: string;
};

/**
 * A batch of SNS's delivery log, as a log subscription delivers it.
 * https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
 */
export function smsDeliveryLog({ kind, providerMessageId, to, words, at, region, accountId }: SmsReceipt): { awslogs: { data: string } } {
  const ok = kind === 'sms-delivered';
  const line = {
    notification: { messageId: providerMessageId, timestamp: new Date(at).toISOString().replace('T', ' ').slice(0, 23) },
    delivery: {
      phoneCarrier: 'Local Carrier',
      mnc: 270,
      numberOfMessageParts: 1,
      destination: to,
      priceInUSD: 0.00645,
      smsType: 'Transactional',
      mcc: 310,
      providerResponse: words ?? (ok ? 'Message has been accepted by phone carrier' : 'Phone is currently unreachable/unavailable'),
      dwellTimeMs: 599,
      ...(ok && { dwellTimeMsUntilDeviceAck: 1344 }),
    },
    status: ok ? 'SUCCESS' : 'FAILURE',
  };
  const batch = {
    messageType: 'DATA_MESSAGE',
    owner: accountId,
    logGroup: `sns/${region}/${accountId}/DirectPublishToPhoneNumber${ok ? '' : '/Failure'}`,
    logStream: randomUUID(),
    subscriptionFilters: ['local'],
    logEvents: [{ id: String(at).padStart(56, '0'), timestamp: at, message: JSON.stringify(line) }],
  };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } };
}
