import { randomUUID } from 'node:crypto';
import type { HttpReply } from '../http-server.ts';
import type { Outbox } from './outbox.ts';

export type SnsOptions = { outbox: Outbox; now: () => number };

/**
 * SNS's limit for a text message; it sends longer texts in parts, up to this length.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const maxTextLength = 1_600;

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/**
 * Emulates SNS's query protocol: puts `Publish` to a phone number into the outbox, after the checks that SNS makes. Undefined when the form
 * is not a request to SNS.
 */
export function createSns({ outbox, now }: SnsOptions): (form: URLSearchParams) => HttpReply | undefined {
  return (form) => {
    if (form.get('Version') !== '2010-03-31') return undefined;
    const action = form.get('Action') ?? '';
    if (action !== 'Publish') return queryError('InvalidAction', `The local SNS knows Publish to a phone number, not ${action}.`);
    const fault = publishFault(form);
    if (fault !== undefined) return queryError('InvalidParameter', `Invalid parameter: ${fault}`);
    const messageId = randomUUID();
    const at = new Date(now()).toISOString();
    outbox.add({ messageId, channel: 'sms', to: form.get('PhoneNumber') ?? '', text: form.get('Message') ?? '', at });
    return queryReply('Publish', namespace, messageId);
  };
}

export function queryReply(action: string, xmlNamespace: string, messageId: string): HttpReply {
  const result = `<${action}Result><MessageId>${messageId}</MessageId></${action}Result>`;
  return xmlReply(200, `<${action}Response xmlns="${xmlNamespace}">${result}${metadata()}</${action}Response>`);
}

export function queryError(code: string, message: string): HttpReply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return xmlReply(400, `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
}

function publishFault(form: URLSearchParams): string | undefined {
  const phoneNumber = form.get('PhoneNumber');
  const message = form.get('Message') ?? '';
  if (form.has('TopicArn') || form.has('TargetArn')) return 'TopicArn Reason: the local SNS sends to phone numbers only';
  if (phoneNumber === null) return 'TopicArn or TargetArn Reason: no value for required parameter';
  if (!/^\+[1-9]\d{1,14}$/.test(phoneNumber)) return `PhoneNumber Reason: ${phoneNumber} is not valid to publish to`;
  if (message === '') return 'Empty message';
  if (message.length > maxTextLength) return 'Message too long';
  return undefined;
}

function metadata(): string {
  return `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
}

function xmlReply(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
