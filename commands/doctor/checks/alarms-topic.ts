import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { type Check, fault, fine, unlessMissing } from '../check.ts';

export const alarmsTopic: Check = {
  name: 'alarms-topic',
  looksAt: 'who gets the alarms',
  why: 'An alarm that nobody gets is none.',
  run: async ({ aws, place, prefix, stage, command }) => {
    const name = `${prefix}-alarms`;
    const TopicArn = `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`;
    const listed = await unlessMissing(aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn })));
    if (!listed) return [fault(name, 'there is no such topic', `npm run deploy -- --stage ${stage}`)];
    const subscriptions = listed.Subscriptions ?? [];
    const confirmed = subscriptions.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
    if (confirmed.length > 0) return [fine(name, `${confirmed.length} of ${subscriptions.length} subscriptions are confirmed`)];
    const subscribe = command('sns', 'subscribe', '--topic-arn', TopicArn, '--protocol', 'email', '--notification-endpoint', '<address>');
    const says =
      subscriptions.length === 0 ? 'nobody is subscribed' : 'nobody has confirmed; the mail is sent anew by the same subscription';
    return [fault(name, says, subscribe)];
  },
};
