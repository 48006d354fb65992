import * as z from 'zod';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { bringBack } from '../stack.ts';
import { DEAD_QUEUES, findQueue, READ_QUEUES, type StackQueue, setAttributes } from '../stack-queues.ts';

const HOUR_SECONDS = 3_600;
const LEAST_TRYING_HOURS = 6;
const LEAST_KEEPING_SECONDS = 14 * 24 * HOUR_SECONDS;
/** As in the template. */
const RECEIVES = '125';
const VISIBILITY_SECONDS = '180';
const READ_KEEPING_SECONDS = String(7 * 24 * HOUR_SECONDS);
/** The size limit of EventBridge and SQS. The template sets it for queues of Totogi's events; a higher limit than needed does no harm. */
const LARGEST_BYTES = '1048576';

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });

export const queues: Check = {
  name: 'queues',
  looksAt: 'the queues of the stack, how long they try, and how long their dead-letter queues keep what failed',
  why: 'A queue that gives up early, or whose dead-letter queue forgets early, loses notifications in an outage.',
  run: async (setup) => {
    // Dead-letter queues first: a queue cannot be created with one that does not exist.
    const found = await Promise.all([...DEAD_QUEUES, ...READ_QUEUES].map(async (name) => ({ name, queue: await findQueue(setup, name) })));
    if (found.every(({ queue }) => queue === undefined) && (await setup.stack()).state !== 'there')
      return [fault(setup.prefix, "none of the stack's queues is there", setup.deploy())];
    return Promise.all(found.map(({ name, queue }) => (queue ? checkQueue(setup, name, queue) : missing(setup, name))));
  },
};

function isRead(name: string): boolean {
  return READ_QUEUES.some((read) => read === name);
}

function checkQueue(setup: Setup, name: string, queue: StackQueue): Finding {
  return isRead(name) ? checkRead(setup, queue) : checkDead(setup, queue);
}

/** Creates the queue as the template does. The next run reports its missing policy. */
async function missing(setup: Setup, queue: string): Promise<Finding> {
  const { prefix, location: place, command } = setup;
  const name = `${prefix}-${queue}`;
  const deadLetterTargetArn = `arn:${place.partition}:sqs:${place.region}:${place.accountId}:${name}-dead-letters`;
  const read = {
    VisibilityTimeout: VISIBILITY_SECONDS,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: RECEIVES }),
    MessageRetentionPeriod: READ_KEEPING_SECONDS,
  };
  const attributes = {
    ...(isRead(queue) ? read : { MessageRetentionPeriod: String(LEAST_KEEPING_SECONDS) }),
    MaximumMessageSize: LARGEST_BYTES,
    SqsManagedSseEnabled: 'true',
  };
  const again = command('sqs', 'create-queue', '--queue-name', name, '--attributes', JSON.stringify(attributes));
  return fault(name, 'there is no such queue', await bringBack(setup, { name, again }));
}

function checkRead(setup: Setup, queue: StackQueue): Finding {
  const { RedrivePolicy: text, VisibilityTimeout = '30' } = queue.attributes;
  const redrive = text === undefined ? undefined : RedrivePolicy.parse(JSON.parse(text));
  const deadLetterTargetArn = redrive?.deadLetterTargetArn ?? `${queue.arn}-dead-letters`;
  const hours = redrive === undefined ? undefined : (redrive.maxReceiveCount * Number(VisibilityTimeout)) / HOUR_SECONDS;
  if (hours !== undefined && hours >= LEAST_TRYING_HOURS) return fine(queue.name, `tries for ${hours} hours`);
  const detail =
    hours === undefined
      ? 'has no dead-letter queue: what fails is tried until it is forgotten'
      : `gives up after ${hours.toFixed(2)} hours`;
  const policy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: RECEIVES });
  return fault(queue.name, detail, setAttributes(setup, queue, { RedrivePolicy: policy, VisibilityTimeout: VISIBILITY_SECONDS }));
}

function checkDead(setup: Setup, queue: StackQueue): Finding {
  const seconds = Number(queue.attributes.MessageRetentionPeriod);
  const days = seconds / (24 * HOUR_SECONDS);
  if (seconds >= LEAST_KEEPING_SECONDS) return fine(queue.name, `keeps what failed for ${days} days`);
  const longest = { MessageRetentionPeriod: String(LEAST_KEEPING_SECONDS) };
  return fault(queue.name, `keeps what failed for ${days} days only`, setAttributes(setup, queue, longest));
}
