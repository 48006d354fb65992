import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import type { SmsDelivery } from '../channels/sms-delivery.ts';
import type { MessageReference, SendResult } from '../schemas/message.ts';
import type { RunOutcome } from '../schemas/workflow.ts';
import { atMostOnce, keepTrying } from './persistence.ts';

/** The part of a story in which one text is sent: claimed first, handed over at most once, its outcome on record. */
export async function sendSms(
  context: DurableContext,
  sms: SmsDelivery,
  message: MessageReference,
  configuration: string,
): Promise<RunOutcome> {
  const owner = context.executionContext.durableExecutionArn;
  const claim = await context.step('claim-sms', () => sms.claim(message, { owner, configuration }), keepTrying);
  if (claim.outcome === 'refused') return { outcome: 'not-sent', reason: claim.reason };

  const result = await handOverOnce(context, sms, message);
  await context.step('record-sms', () => sms.settle(message, result), keepTrying);

  if (result.outcome === 'accepted') return { outcome: 'sent' };
  return { outcome: result.outcome === 'failed' ? 'not-sent' : 'unknown', reason: result.reason };
}

/** A step that was cut off may have sent: its outcome is unknown, and it is not tried again. */
async function handOverOnce(context: DurableContext, sms: SmsDelivery, message: MessageReference): Promise<SendResult> {
  try {
    return await context.step('send-sms', () => sms.send(message), atMostOnce);
  } catch (error) {
    if (error instanceof DurableOperationError) return { outcome: 'unknown', reason: 'interrupted' };
    throw error;
  }
}
