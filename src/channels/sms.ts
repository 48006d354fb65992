import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SendResult } from '../schemas/message.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 2_000;
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/** Failures in which no request can have reached the carrier. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** One text to one phone. `senderId` is shown instead of a number where the country allows it. */
export type Sms = { to: string; text: string; senderId: string | undefined };

/** Hands texts to the carrier. It never throws for a carrier's answer, since every answer is one that has to be recorded. */
export type SmsChannel = { send(sms: Sms): Promise<SendResult> };

/**
 * SMS through Amazon SNS. SNS knows no idempotency token, so a request is made once and never repeated by the SDK.
 *
 * @param client for tests; by default one that makes a single attempt.
 */
export function openSmsChannel(client: SNSClient = singleAttemptClient()): SmsChannel {
  return {
    async send(sms) {
      try {
        const { MessageId } = await client.send(publication(sms));
        return MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'no-message-id' };
      } catch (error) {
        return failure(error);
      }
    },
  };
}

function singleAttemptClient(): SNSClient {
  return new SNSClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
}

function publication({ to, text, senderId }: Sms): PublishCommand {
  return new PublishCommand({
    PhoneNumber: to,
    Message: text,
    MessageAttributes: {
      'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
      ...(senderId ? { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: senderId } } : {}),
    },
  });
}

/**
 * A refusal by SNS, or a connection that never was, is a failure: nothing went out. Everything else may have gone out.
 * The reason is the error's name alone: its message may hold the phone number.
 */
function failure(error: unknown): SendResult {
  const { name, code, status } = readError(error);
  if (code !== undefined && NEVER_CONNECTED.has(code)) return { outcome: 'failed', reason: code };
  if (status !== undefined && status >= 400 && status < 500) return { outcome: 'failed', reason: name };
  return { outcome: 'unknown', reason: name };
}

function readError(error: unknown): { name: string; code: string | undefined; status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'UnknownError', code: undefined, status: undefined };
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return { name: error.name, code: typeof code === 'string' ? code : undefined, status: $metadata?.httpStatusCode };
}
