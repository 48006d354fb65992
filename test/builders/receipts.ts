import { gzipSync } from 'node:zlib';
import type { ClaimedMessage } from '../../src/messaging/message-records.ts';
import { MessageRecord } from '../../src/schemas/message/message.ts';

/** Makers of what AWS says of messages. Addresses are of the domains reserved for examples, numbers of the range reserved for fiction. */

export const MAIL = 'ada@example.com';
export const PHONE = '+14155550142';
const SENT_AT = '2026-05-01T08:00:00.000Z';

type Detail = { eventType: string; mail: { messageId: string } } & Record<string, unknown>;
/** An event of SES as EventBridge hands it on. */
export type SesEvent = Record<string, unknown> & { detail: Detail };

function sesEvent(detailType: string, messageId: string, parts: { eventType: string } & Record<string, unknown>): SesEvent {
  const mail = {
    timestamp: SENT_AT,
    source: 'Aurora <care@aurora.example>',
    sendingAccountId: '000000000000',
    messageId,
    destination: [MAIL],
    commonHeaders: { to: [MAIL], subject: 'Hello' },
    tags: { 'ses:configuration-set': ['service'], message: ['welcome-1'] },
  };
  return {
    version: '0',
    id: '12a18625-3328-fafd-2809-a5e16004f112',
    'detail-type': detailType,
    source: 'aws.ses',
    account: '000000000000',
    time: '2026-05-01T08:00:05Z',
    region: 'us-east-1',
    resources: ['arn:aws:ses:us-east-1:000000000000:configuration-set/service'],
    detail: { ...parts, mail },
  };
}

export function deliveryOf(messageId: string, timestamp = '2026-05-01T08:00:05.000Z'): SesEvent {
  const delivery = { timestamp, processingTimeMillis: 546, recipients: [MAIL], smtpResponse: `250 2.6.0 <${MAIL}>` };
  return sesEvent('Email Delivered', messageId, { eventType: 'Delivery', delivery });
}

export function bounceOf(messageId: string, parts: Record<string, unknown> = {}): SesEvent {
  const recipient = { emailAddress: MAIL, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; 550 5.1.1 <${MAIL}>: user unknown` };
  const common = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient], feedbackId: 'f-1' };
  const bounce = { ...common, timestamp: '2026-05-01T08:00:06.000Z', ...parts };
  return sesEvent('Email Bounced', messageId, { eventType: 'Bounce', bounce });
}

export function complaintOf(messageId: string, parts: Record<string, unknown> = {}): SesEvent {
  const common = {
    complainedRecipients: [{ emailAddress: MAIL }],
    complaintSubType: null,
    complaintFeedbackType: 'abuse',
    feedbackId: 'f-2',
  };
  const complaint = { ...common, timestamp: '2026-05-01T08:00:07.000Z', ...parts };
  return sesEvent('Email Complaint Received', messageId, { eventType: 'Complaint', complaint });
}

export function rejectOf(messageId: string, reason = 'Bad content'): SesEvent {
  return sesEvent('Email Rejected', messageId, { eventType: 'Reject', reject: { reason } });
}

/** An event about a mail that carries our own id of the message as its tag. */
export function tagged(event: SesEvent, tag: string): SesEvent {
  const { mail } = event.detail;
  return { ...event, detail: { ...event.detail, mail: { ...mail, tags: { message: [tag] } } as SesEvent['detail']['mail'] } };
}

/** A line of SNS's delivery log. */
export function smsStatusOf(messageId: string, status: 'SUCCESS' | 'FAILURE', providerResponse: string): string {
  return JSON.stringify({
    notification: { messageId, timestamp: '2026-05-01 08:00:00.558' },
    delivery: {
      phoneCarrier: 'Example',
      mnc: 270,
      numberOfMessageParts: 1,
      destination: PHONE,
      mcc: 310,
      providerResponse,
      dwellTimeMs: 599,
    },
    status,
  });
}

/** Log lines as a log subscription hands them to a function. */
export function logBatch(lines: string[], messageType = 'DATA_MESSAGE'): { awslogs: { data: string } } {
  const batch = {
    messageType,
    owner: '000000000000',
    logGroup: 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber',
    logStream: 'stream',
    subscriptionFilters: ['filter'],
    logEvents: lines.map((message, index) => ({ id: `line-${index}`, timestamp: Date.parse('2026-05-01T08:00:03Z'), message })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } };
}

/** A text that came in, as the topic of a two-way number hands it on. */
export function smsReply(text: string, parts: Record<string, unknown> = {}): string {
  return JSON.stringify({
    originationNumber: PHONE,
    destinationNumber: '+12065550100',
    messageKeyword: 'KEYWORD_000000000000',
    messageBody: text,
    inboundMessageId: 'inbound-1',
    ...parts,
  });
}

/** A claimed message; what is given replaces the rest. */
export function claimedMessage(parts: Partial<Omit<MessageRecord, 'state'>> = {}): ClaimedMessage {
  const message = MessageRecord.parse({
    tenant: 'mvno-example',
    account: 'acc-1',
    eventId: '01K8XK9M3QZ5J6W7V8N9P0R1S2',
    workflow: 'welcome',
    step: 'notice-email',
    channel: 'email',
    template: 'welcome.email',
    state: 'claimed',
    owner: 'arn:run',
    to: MAIL,
    text: 'Hello',
    class: 'service',
    language: 'en',
    configuration: 'v-1',
    claimedAt: SENT_AT,
    ...parts,
  });
  return { ...message, state: 'claimed' };
}
