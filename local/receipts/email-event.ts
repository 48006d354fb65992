import { randomUUID } from 'node:crypto';

export type EmailReceiptKind = 'email-delivered' | 'email-bounced' | 'email-complained' | 'email-rejected';

export type EmailReceipt = {
  kind: EmailReceiptKind;
  providerMessageId: string;
  /** Our own id of the message, from the mail's tag. */
  tag: string;
  to: string;
  bounceType: 'Permanent' | 'Transient' | 'Undetermined';
  /** Milliseconds since the epoch. */
  at: number;
  region: string;
  accountId: string;
};

const detailTypes: Record<EmailReceiptKind, string> = {
  'email-delivered': 'Email Delivered',
  'email-bounced': 'Email Bounced',
  'email-complained': 'Email Complaint Received',
  'email-rejected': 'Email Rejected',
};

/** https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html */
export function emailEvent(receipt: EmailReceipt): Record<string, unknown> {
  const { kind, providerMessageId, tag, to, at, region, accountId } = receipt;
  const timestamp = new Date(at).toISOString();
  const mail = {
    timestamp,
    source: 'local@example.com',
    sendingAccountId: accountId,
    messageId: providerMessageId,
    destination: [to],
    headersTruncated: false,
    headers: [],
    commonHeaders: {},
    tags: { 'ses:configuration-set': ['local'], message: [tag] },
  };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailTypes[kind],
    source: 'aws.ses',
    account: accountId,
    time: `${timestamp.slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:ses:${region}:${accountId}:configuration-set/local`],
    detail: { ...part(receipt, timestamp), mail },
  };
}

function part({ kind, to, bounceType }: EmailReceipt, timestamp: string): Record<string, unknown> {
  switch (kind) {
    case 'email-delivered':
      return {
        eventType: 'Delivery',
        delivery: {
          timestamp,
          processingTimeMillis: 546,
          recipients: [to],
          smtpResponse: '250 2.6.0 Message received',
          reportingMTA: 'local',
        },
      };
    case 'email-bounced':
      return {
        eventType: 'Bounce',
        bounce: {
          bounceType,
          bounceSubType: 'General',
          bouncedRecipients: [
            { emailAddress: to, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; 550 5.1.1 <${to}>: user unknown` },
          ],
          timestamp,
          feedbackId: randomUUID(),
          reportingMTA: 'dsn; local',
        },
      };
    case 'email-complained':
      return {
        eventType: 'Complaint',
        complaint: {
          complainedRecipients: [{ emailAddress: to }],
          timestamp,
          feedbackId: randomUUID(),
          complaintSubType: null,
          complaintFeedbackType: 'abuse',
        },
      };
    case 'email-rejected':
      return { eventType: 'Reject', reject: { reason: 'Bad content' } };
  }
}
