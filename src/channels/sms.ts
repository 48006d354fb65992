import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { MessageClass } from '../schemas/message-class.ts';
import { type AttemptResult, attempt, SINGLE_ATTEMPT } from './single-attempt.ts';

/** India: the ids under which operators know the sender's company and the text's template (DLT). */
export type DltIds = { entityId: string; templateId: string };

export type Sms = {
  to: string;
  text: string;
  /** Shown instead of a number where the country allows it. */
  senderId: string | undefined;
  /** A service message by default; marketing goes a cheaper and slower way. */
  messageClass?: MessageClass | undefined;
  /** The most that the whole text may cost, in US dollars: SNS sends none that would cost more. */
  maxPriceUsd?: number | undefined;
  dlt?: DltIds | undefined;
};

/** Hands texts to the carrier. It never throws for a carrier's answer, since every answer is one that has to be recorded. */
export type SmsChannel = { send(sms: Sms): Promise<AttemptResult> };

/** Prices of texts have at most five decimals. */
const PRICE_DECIMALS = 5;

/**
 * SMS through Amazon SNS.
 *
 * @param client for tests; by default one that makes a single attempt.
 */
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
