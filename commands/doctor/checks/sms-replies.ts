import { type PhoneNumberInformation, paginateDescribePhoneNumbers } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { CannotCheck } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

const SERVICE = 'pinpoint-sms-voice-v2';

export const smsReplies: Check = {
  name: 'sms-replies',
  looksAt: "the tenants' two-way numbers (sms.numbers), and whether replies to them reach the service",
  why: 'No template sets this up. Without it a STOP reaches nobody, and its subscriber keeps getting texts.',
  run: async (setup) => {
    const wanted = [...new Set(setup.tenants().flatMap(({ sms }) => sms.numbers.map(({ number }) => number)))];
    if (wanted.length === 0) return [fine('SMS', 'no tenant has a two-way number')];
    const numbers = await listNumbers(setup);
    const topic = await findTopic(setup);
    return wanted.map((number) => checkNumber(setup, { number, topic, found: numbers.find((one) => one.PhoneNumber === number) }));
  },
};

async function findTopic({ stack, location, prefix }: Setup): Promise<string> {
  const read = await stack();
  if (read.state === 'unknown')
    throw new CannotCheck(`the topic of replies is an output of the stack, which cannot be read: ${read.reason}`);
  const own = `arn:${location.partition}:sns:${location.region}:${location.accountId}:${prefix}-sms-replies`;
  return (read.state === 'there' && read.parameters.SmsRepliesTopicArn) || own;
}

async function listNumbers({ aws }: Setup): Promise<PhoneNumberInformation[]> {
  const listed: PhoneNumberInformation[] = [];
  for await (const { PhoneNumbers = [] } of paginateDescribePhoneNumbers({ client: aws.smsVoice }, {})) listed.push(...PhoneNumbers);
  return listed;
}

type Number = { number: string; topic: string; found: PhoneNumberInformation | undefined };

function checkNumber({ command }: Setup, { number, topic, found }: Number): Finding {
  if (!found) return fault(number, 'is not a number of this account', command(SERVICE, 'describe-phone-numbers'));
  const isFine = found.TwoWayEnabled && found.TwoWayChannelArn === topic && found.SelfManagedOptOutsEnabled;
  if (isFine) return fine(number, 'sends replies to the service');
  const settings = ['--two-way-enabled', '--two-way-channel-arn', topic, '--self-managed-opt-outs-enabled'];
  const update = command(SERVICE, 'update-phone-number', '--phone-number-id', found.PhoneNumberId ?? '<id>', ...settings);
  return fault(number, `does not send replies, or not all of them, to ${topic}`, update);
}
