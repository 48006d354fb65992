import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { MessageClass } from '../../schemas/message/message-class.ts';
import { type AttemptResult, attempt, SINGLE_ATTEMPT } from './single-attempt.ts';

/** India: the operators' ids of the sender's company and of the text's template (DLT). */
export type DltIds = { entityId: string; templateId: string };

export type Sms = {
  to: string;
  text: string;
  /** Replaces the sender's number where the country allows it. */
  senderId: string | undefined;
  /** Undefined counts as a service message. Marketing uses a cheaper and slower route. */
  messageClass?: MessageClass | undefined;
  /** For the whole text, in US dollars: SNS sends nothing that costs more. */
  maxPriceUsd?: number | undefined;
  dlt?: DltIds | undefined;
};

/** Returns every answer of the carrier instead of throwing, because every answer must be recorded. */
export type SmsChannel = { send(sms: Sms): Promise<AttemptResult> };

const PRICE_DECIMALS = 5;

/** @param client for tests; by default a client that makes a single attempt. */
export function createSmsChannel(client: SNSClient = new SNSClient(SINGLE_ATTEMPT)): SmsChannel {
  return { send: (sms) => attempt(() => client.send(publication(sms))) };
}

/** https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
function publication({ to, text, senderId, messageClass, maxPriceUsd, dlt }: Sms): PublishCommand {
  return new PublishCommand({
    PhoneNumber: to,
    Message: text,
    MessageAttributes: {
      'AWS.SNS.SMS.SMSType': asText(messageClass === 'marketing' ? 'Promotional' : 'Transactional'),
      ...(senderId === undefined ? {} : { 'AWS.SNS.SMS.SenderID': asText(senderId) }),
      ...(maxPriceUsd === undefined ? {} : { 'AWS.SNS.SMS.MaxPrice': asNumber(maxPriceUsd.toFixed(PRICE_DECIMALS)) }),
      ...(dlt === undefined ? {} : { 'AWS.MM.SMS.EntityId': asText(dlt.entityId), 'AWS.MM.SMS.TemplateId': asText(dlt.templateId) }),
    },
  });
}

function asText(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

function asNumber(value: string): MessageAttributeValue {
  return { DataType: 'Number', StringValue: value };
}
