import { randomUUID } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { createAccounts } from '../../../tooling/traffic/accounts.ts';
import { notificationOf } from '../../../tooling/traffic/notification-detail.ts';
import { createRandom } from '../../../tooling/traffic/random.ts';

export type Crowd = { tenant: string; accounts: number; seed: number; startsAt: number; millisecondsApart: number };

/** Endless queue messages from the emulator, in the spelling seen in production; each is a different event. */
export function* notificationBodies({ tenant, accounts, seed, startsAt, millisecondsApart }: Crowd): Generator<string, never> {
  const random = createRandom(`${seed}/bench`);
  const lives = createAccounts({ seed, accounts });
  for (let content = 0; ; content += 1) {
    const time = startsAt + content * millisecondsApart;
    const { account, happening, invokedAt } = lives.next(random.integer(1, accounts), time);
    const session = `bench-${seed}-${content}`;
    const { source, detailType, detail } = notificationOf(happening, { tenant, account, session, invokedAt, content }, 'lower-case');
    yield JSON.stringify({
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: '266643203619',
      time: new Date(time).toISOString(),
      region: 'us-east-1',
      resources: [],
      detail,
    });
  }
}

/** An SQS batch in Lambda's form. */
export function queueBatch(bodies: string[], sentAt: number): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(sentAt),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(sentAt),
  };
  const Records = bodies.map((body, index) => ({
    messageId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes,
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:consume-notifications',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}
