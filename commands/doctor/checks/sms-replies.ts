import { GetSubscriptionAttributesCommand, paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { CannotCheck, type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { findRepliesTopic } from '../senders.ts';
import { bringBack } from '../stack.ts';
import { findQueue, type StackQueue } from '../stack-queues.ts';
import { makeTopic, nameOf, type Publishers } from '../topic.ts';

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

export const smsReplies: Check = {
  name: 'sms-replies',
  looksAt: "the topic of subscribers' texts, and its subscription of the queue",
  why: 'Without them a STOP comes to nobody, and its subscriber goes on getting texts.',
  run: async (setup) => {
    const queue = await findQueue(setup, 'take-sms-replies');
    // The check of queues reports a missing one.
    if (!queue) return [];
    const topic = await findRepliesTopic(setup);
    const about = nameOf(topic.arn);
    const subscriptions = await unlessMissing(subscriptionsOf(setup, topic.arn));
    const present = subscriptions?.find(
      ({ Endpoint, SubscriptionArn = '' }) => Endpoint === queue.arn && SubscriptionArn.startsWith('arn:'),
    );
    if (present) return checkSubscription(setup, { about, queue, arn: present.SubscriptionArn ?? '' });
    if (topic.doubt !== undefined) throw new CannotCheck(`the topic ${about} does not bring texts to the queue; ${topic.doubt}`);
    const subscribe = subscribeQueue(setup, topic.arn, queue);
    if (subscriptions) return [fault(about, 'does not bring texts to the queue', subscribe)];
    const again = `${makeTopic(setup, topic.arn, publishersOf(setup))} && ${subscribe}`;
    return [fault(about, 'there is no such topic', topic.isOwn ? await bringBack(setup, { name: about, again }) : again)];
  },
};

async function subscriptionsOf({ aws }: Setup, TopicArn: string): Promise<Subscription[]> {
  const listed: Subscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: aws.sns }, { TopicArn }))
    listed.push(...Subscriptions);
  return listed;
}

type Brought = { about: string; queue: StackQueue; arn: string };

async function checkSubscription({ aws, command }: Setup, { about, queue, arn }: Brought): Promise<Finding[]> {
  const { Attributes = {} } = await aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
  const set = (name: string, value: string) =>
    command('sns', 'set-subscription-attributes', '--subscription-arn', arn, '--attribute-name', name, '--attribute-value', value);
  const wanted = `${queue.arn}-dead-letters`;
  const redrive = Attributes.RedrivePolicy === undefined ? undefined : RedrivePolicy.parse(JSON.parse(Attributes.RedrivePolicy));
  return [
    Attributes.RawMessageDelivery === 'true'
      ? fine(about, 'brings texts to the queue')
      : fault(about, 'wraps the texts that it brings, and they are taken for invalid', set('RawMessageDelivery', 'true')),
    redrive?.deadLetterTargetArn === wanted
      ? fine(about, 'has its dead-letter queue')
      : fault(about, 'has no dead-letter queue of this stack', set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: wanted }))),
  ];
}

function subscribeQueue({ command }: Setup, topic: string, queue: StackQueue): string {
  const redrive = JSON.stringify({ deadLetterTargetArn: `${queue.arn}-dead-letters` });
  const attributes = JSON.stringify({ RawMessageDelivery: 'true', RedrivePolicy: redrive });
  const to = ['--protocol', 'sqs', '--notification-endpoint', queue.arn, '--attributes', attributes];
  return command('sns', 'subscribe', '--topic-arn', topic, ...to);
}

/** Only two-way numbers of this account publish to it. */
function publishersOf({ location: place }: Setup): Publishers {
  return {
    Sid: 'OnlyNumbersOfThisAccountPublish',
    service: 'sms-voice.amazonaws.com',
    Condition: { StringEquals: { 'aws:SourceAccount': place.accountId } },
  };
}
