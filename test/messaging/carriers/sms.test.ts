import { Agent } from 'node:http';
import { SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { SINGLE_ATTEMPT } from '../../../src/messaging/carriers/single-attempt.ts';
import { createSmsChannel, type Sms } from '../../../src/messaging/carriers/sms.ts';
import { acceptance, openCarrier } from '../carrier.ts';
import { keepsTheContract } from '../contract.ts';

const sms: Sms = { to: '+14155550100', text: 'Example: hello', senderId: 'EXAMPLE' };

keepsTheContract({
  channel: 'sms',
  to: sms.to,
  send: (timeout) => createSmsChannel(timeout ? impatient(timeout) : undefined).send(sms),
  open() {
    const channel = createSmsChannel();
    return () => channel.send(sms);
  },
});

test('an address that does not answer at all was not reached, which the SDK tells from an answer that does not come by its words alone', async () => {
  const httpAgent = new Agent({ lookup: () => undefined });
  const requestHandler = { ...SINGLE_ATTEMPT.requestHandler, httpAgent, connectionTimeout: 50 };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SNSClient({ maxAttempts: 1, endpoint: 'http://carrier.example', region: 'us-east-1', credentials, requestHandler });
  expect(await createSmsChannel(client).send(sms)).toEqual({ outcome: 'unreachable', reason: 'TimeoutError' });
});

function impatient(requestTimeout: number): SNSClient {
  return new SNSClient({ maxAttempts: 1, requestHandler: { requestTimeout, throwOnRequestTimeout: true } });
}

/** The attributes that a text was published with. */
async function attributesOf(parts: Partial<Sms>): Promise<Record<string, string>> {
  const [form = new URLSearchParams()] = await sent(parts);
  const value = (index: number, name: string) => form.get(`MessageAttributes.entry.${index}.${name}`);
  const indexes = Array.from({ length: 10 }, (_, index) => index + 1).filter((index) => value(index, 'Name') !== null);
  return Object.fromEntries(
    indexes.map((index) => [value(index, 'Name'), `${value(index, 'Value.DataType')} ${value(index, 'Value.StringValue')}`]),
  );
}

async function sent(parts: Partial<Sms>): Promise<URLSearchParams[]> {
  const asked = await openCarrier('sms', acceptance('sms', 'm-1'));
  await createSmsChannel().send({ ...sms, ...parts });
  return asked;
}

test('a text goes to its number, as a transactional one under its sender id', async () => {
  const [form] = await sent({});
  expect(Object.fromEntries(form ?? [])).toMatchObject({ Action: 'Publish', PhoneNumber: sms.to, Message: sms.text });
  expect(await attributesOf({})).toEqual({
    'AWS.SNS.SMS.SMSType': 'String Transactional',
    'AWS.SNS.SMS.SenderID': 'String EXAMPLE',
  });
});

test.each<[string, Partial<Sms>, Record<string, string>]>([
  ['without a sender id names none', { senderId: undefined }, { 'AWS.SNS.SMS.SMSType': 'String Transactional' }],
  ['of marketing is promotional', { senderId: undefined, messageClass: 'marketing' }, { 'AWS.SNS.SMS.SMSType': 'String Promotional' }],
  [
    'with a limit names the most it may cost',
    { senderId: undefined, messageClass: 'regulatory', maxPriceUsd: 0.1 * 3 },
    { 'AWS.SNS.SMS.SMSType': 'String Transactional', 'AWS.SNS.SMS.MaxPrice': 'Number 0.30000' },
  ],
  [
    'to India names the registered company and template',
    { senderId: undefined, dlt: { entityId: '1101', templateId: '1107' } },
    { 'AWS.SNS.SMS.SMSType': 'String Transactional', 'AWS.MM.SMS.EntityId': 'String 1101', 'AWS.MM.SMS.TemplateId': 'String 1107' },
  ],
])('a text %s', async (_what, parts, attributes) => {
  expect(await attributesOf(parts)).toEqual(attributes);
});
