import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, fault, fine } from '../check.ts';
import { restoreService } from '../restore.ts';

export const alarmsTopic: Check = {
  name: 'alarms-topic',
  looksAt: 'whether anyone gets the alarms',
  why: 'Without a confirmed subscription, nobody learns of an alarm.',
  run: async (setup) => {
    const { aws, location: place, prefix, command } = setup;
    const name = `${prefix}-alarms`;
    const TopicArn = `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`;
    const listed = await unlessMissing(aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn })));
    if (!listed) return [fault(name, 'there is no such topic', await restoreService(setup))];
    const subscriptions = listed.Subscriptions ?? [];
    const confirmed = subscriptions.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
    if (confirmed.length > 0) return [fine(name, `${confirmed.length} of ${subscriptions.length} subscriptions are confirmed`)];
    const subscribe = command('sns', 'subscribe', '--topic-arn', TopicArn, '--protocol', 'email', '--notification-endpoint', '<address>');
    const detail =
      subscriptions.length === 0 ? 'nobody is subscribed' : 'nobody has confirmed; the same command sends the confirmation again';
    return [fault(name, detail, subscribe)];
  },
};
