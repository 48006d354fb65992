import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { listMessages, messageId } from '../../src/messaging/message-records.ts';
import { findSentMessage } from '../../src/messaging/receipts/receipt-records.ts';
import type { Table } from '../../src/platform/table.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';
import type { Functions } from '../functions/invocation.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LocalQueue } from '../queue/queue.ts';
import type { PackagedStack } from '../template/packaged-stack.ts';
import { type EmailReceiptKind, emailEvent } from './email-event.ts';
import { smsDeliveryLog } from './sms-delivery-log.ts';

/** By event or by the carrier's id. `step` selects one of several messages of an event. */
const which = {
  eventId: z.string().min(1).optional(),
  step: z.string().min(1).optional(),
  providerMessageId: z.string().min(1).optional(),
};

const emailKinds = ['email-delivered', 'email-bounced', 'email-complained', 'email-rejected'] as const satisfies EmailReceiptKind[];

/** The body of `POST /local/receipts`. */
export const ReceiptRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(emailKinds),
    ...which,
    /** For bounces. */
    bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']).default('Permanent'),
  }),
  z.strictObject({ kind: z.enum(['sms-delivered', 'sms-failed']), ...which, providerResponse: z.string().optional() }),
  z.strictObject({
    kind: z.literal('sms-reply'),
    from: z.string().regex(/^\+[1-9]\d{6,14}$/, 'from must be a phone number such as "+14155550142"'),
    text: z.string(),
    to: z.string().min(1).default('+12065550100'),
    inboundMessageId: z.string().min(1).optional(),
    ...which,
  }),
]);
export type ReceiptRequest = z.infer<typeof ReceiptRequest>;

/** The request names no sent message. */
export class NothingToPlay extends Error {
  override name = 'NothingToPlay';
}

export type ReceiptsOptions = {
  stack: Pick<PackagedStack, 'queues'>;
  /** In the order of the stack's queues. */
  queues: LocalQueue[];
  functions: Functions;
  outbox: Pick<Outbox, 'read'>;
  table: Table;
  publish: (event: Record<string, unknown>) => void;
  now: () => number;
  region: string;
  accountId: string;
};

/**
 * Plays receipts and replies in AWS's formats and through AWS's paths: SES through the default bus and its rule, SNS's delivery log through
 * a log subscription, an inbound text through the topic's queue. The deployed handlers cannot tell the difference.
 *
 * @throws NothingToPlay when there is no such message.
 */
export function createReceipts(options: ReceiptsOptions): (request: ReceiptRequest) => Promise<object> {
  return async (request) => {
    if (request.kind === 'sms-reply') return playReply(options, request);
    const { now, region, accountId, publish, functions } = options;
    const channel = request.kind.startsWith('email') ? 'email' : 'sms';
    const sent = await sentMessage(options, channel, request);
    const played = { kind: request.kind, providerMessageId: sent.providerMessageId };
    if ('bounceType' in request) {
      publish(emailEvent({ ...sent, kind: request.kind, bounceType: request.bounceType, at: now(), region, accountId }));
      return { ...played, queue: 'record-email-receipts' };
    }
    const log = smsDeliveryLog({ ...sent, kind: request.kind, words: request.providerResponse, at: now(), region, accountId });
    const { ok } = await functions.invoke('record-sms-receipts', log);
    return { ...played, function: 'record-sms-receipts', ok };
  };
}

type Named = { eventId?: string | undefined; step?: string | undefined; providerMessageId?: string | undefined };

async function playReply(options: ReceiptsOptions, request: Extract<ReceiptRequest, { kind: 'sms-reply' }>): Promise<object> {
  const { from, to, text, inboundMessageId = randomUUID() } = request;
  const answered =
    request.eventId === undefined && request.providerMessageId === undefined ? undefined : await sentMessage(options, 'sms', request);
  const payload = {
    originationNumber: from,
    destinationNumber: to,
    messageKeyword: 'KEYWORD_000000000000',
    messageBody: text,
    inboundMessageId,
    ...(answered && { previousPublishedMessageId: answered.providerMessageId }),
  };
  const index = options.stack.queues.findIndex(({ functionKey }) => functionKey === 'take-sms-replies');
  const queue = options.queues[index];
  if (queue === undefined) throw new NothingToPlay('The packaged template has no queue that take-sms-replies reads.');
  queue.send(JSON.stringify(payload));
  return { kind: request.kind, inboundMessageId, queue: 'take-sms-replies' };
}

/** Finds the sent message by the carrier's id, or the latest of its event. Includes mails whose send attempt has an unknown result. */
async function sentMessage(
  { table, outbox }: ReceiptsOptions,
  channel: MessageRecord['channel'],
  { eventId, step, providerMessageId }: Named,
): Promise<{ providerMessageId: string; tag: string; to: string }> {
  if (providerMessageId !== undefined) {
    const sent = (await findSentMessage(table, providerMessageId))?.message;
    return { providerMessageId, tag: sent === undefined ? 'unknown' : messageId(sent), to: sent?.to ?? 'unknown' };
  }
  const entry = (await outbox.read()).findLast((sent) => sent.channel === channel && sent.eventId === eventId && eventId !== undefined);
  if (entry?.tenant == null || entry.account === null || entry.eventId === null)
    throw new NothingToPlay(`No ${channel} of that eventId went out; name a providerMessageId or an eventId of the outbox.`);
  const messages = await listMessages(table, entry.tenant, entry.account, entry.eventId);
  const message = messages.findLast((one) => one.channel === channel && isWithTheCarrier(one) && (step === undefined || one.step === step));
  if (message === undefined) throw new NothingToPlay(`No ${channel} of that event and step has been accepted.`);
  return { providerMessageId: message.providerMessageId ?? randomUUID(), tag: messageId(message), to: message.to ?? entry.to };
}

function isWithTheCarrier({ channel, state, providerMessageId }: MessageRecord): boolean {
  return providerMessageId !== undefined || (channel === 'email' && state === 'unknown');
}
