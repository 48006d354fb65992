import type { Setup } from './check.ts';
import { nameOf } from './topic.ts';

/** An AWS service that puts messages on a queue on behalf of a rule or a topic. */
export type ServiceSender = {
  service: 'events.amazonaws.com' | 'sns.amazonaws.com';
  name: string;
  /** The ARN of the rule or the topic. */
  source: string;
  what: string;
  /** Why the source is uncertain, if it is. */
  doubt: string | undefined;
};

/** `functions`: Lambda, with the function's own role. `sqs`: only SQS, which moves failed messages there. */
export type Sender = ServiceSender | 'functions' | 'sqs';

/** By queue name without the prefix. */
export async function sendersOf(setup: Setup): Promise<Record<string, Sender>> {
  const { location: place, prefix, bus } = setup;
  const rule = (name: string): ServiceSender => {
    const source = `arn:${place.partition}:events:${place.region}:${place.accountId}:rule/${name}`;
    return { service: 'events.amazonaws.com', name: 'EventBridge', source, what: `the rule ${name.split('/').at(-1)}`, doubt: undefined };
  };
  const notifications = rule(`${bus.name}/${prefix}`);
  // A rule of the default bus has no bus in its ARN.
  const mails = rule(`${prefix}-email-receipts`);
  const alarms = rule(`${prefix}-marketing-pause`);
  const { arn, doubt } = await findRepliesTopic(setup);
  const texts: ServiceSender = { service: 'sns.amazonaws.com', name: 'SNS', source: arn, what: `the topic ${nameOf(arn)}`, doubt };
  return {
    'consume-notifications': notifications,
    'rule-dead-letters': notifications,
    'consume-notifications-dead-letters': 'sqs',
    'record-email-receipts': mails,
    'email-receipts-rule-dead-letters': mails,
    'record-email-receipts-dead-letters': 'sqs',
    'pause-marketing': alarms,
    'pause-marketing-dead-letters': alarms,
    'take-sms-replies': texts,
    'take-sms-replies-dead-letters': texts,
    'workflows-dead-letters': 'functions',
    'record-sms-receipts-dead-letters': 'functions',
  };
}

/** The topic for inbound texts: the stack's parameter, else its own. */
export async function findRepliesTopic({
  location: place,
  prefix,
  stack,
}: Setup): Promise<{ arn: string; isOwn: boolean; doubt: string | undefined }> {
  const read = await stack();
  const given = read.state === 'there' ? (read.parameters.SmsRepliesTopicArn ?? '') : '';
  const own = `arn:${place.partition}:sns:${place.region}:${place.accountId}:${prefix}-sms-replies`;
  const doubt = read.state === 'unknown' ? `the stack may have been given another topic, and cannot be read (${read.reason})` : undefined;
  return { arn: given === '' ? own : given, isOwn: given === '', doubt };
}
