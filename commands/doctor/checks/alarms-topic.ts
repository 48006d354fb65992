import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { type Check, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { bringBack } from '../stack.ts';
import { makeTopic, type Publishers } from '../topic.ts';

export const alarmsTopic: Check = {
  name: 'alarms-topic',
  looksAt: 'who gets the alarms',
  why: 'An alarm that nobody gets is none.',
  run: async (setup) => {
    const { aws, location: place, prefix, command } = setup;
    const name = `${prefix}-alarms`;
    const TopicArn = `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`;
    const listed = await unlessMissing(aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn })));
    if (!listed)
      return [
        fault(name, 'there is no such topic', await bringBack(setup, { name, again: makeTopic(setup, TopicArn, publishersOf(setup)) })),
      ];
    const subscriptions = listed.Subscriptions ?? [];
    const confirmed = subscriptions.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
    if (confirmed.length > 0) return [fine(name, `${confirmed.length} of ${subscriptions.length} subscriptions are confirmed`)];
    const subscribe = command('sns', 'subscribe', '--topic-arn', TopicArn, '--protocol', 'email', '--notification-endpoint', '<address>');
    const detail =
      subscriptions.length === 0 ? 'nobody is subscribed' : 'nobody has confirmed; the mail is sent again by the same subscription';
    return [fault(name, detail, subscribe)];
  },
};

/** Only alarms of the stack publish to it. */
function publishersOf({ prefix, location: place }: Setup): Publishers {
  const alarms = `arn:${place.partition}:cloudwatch:${place.region}:${place.accountId}:alarm:${prefix}-*`;
  return {
    Sid: 'OnlyAlarmsOfThisStackPublish',
    service: 'cloudwatch.amazonaws.com',
    Condition: { ArnLike: { 'aws:SourceArn': alarms } },
  };
}
