import * as z from 'zod';

/**
 * How a dead-letter queue is redriven. `move`: SQS's own move task, which only supports dead-letter queues of queues. `send`: one by one to
 * their target queue. `start`: the runs are started again. `invoke`: the function is called again.
 */
export const RedriveWay = z.enum(['move', 'send', 'start', 'invoke']);

type DeadLetterQueueOfStack = { contains: string } & (
  | { way: 'move' | 'send'; to: string }
  | { way: 'start' }
  | { way: 'invoke'; function: string }
);

/** By queue name, without the stack's prefix and `-dead-letters`. */
export const DEAD_LETTER_QUEUES = {
  'consume-notifications': {
    contains: 'Notifications that could not be recorded for more than six hours, because something they need was down.',
    way: 'move',
    to: 'consume-notifications',
  },
  rule: {
    contains: 'Notifications that EventBridge could not put on the queue within 24 hours.',
    way: 'send',
    to: 'consume-notifications',
  },
  workflows: { contains: 'Runs that could not be started, or failed for good.', way: 'start' },
  'record-email-receipts': { contains: 'Receipts of mails that could not be recorded.', way: 'move', to: 'record-email-receipts' },
  'email-receipts-rule': {
    contains: 'Receipts of mails that EventBridge could not put on the queue within 24 hours.',
    way: 'send',
    to: 'record-email-receipts',
  },
  'take-sms-replies': { contains: 'Texts of subscribers that could not be taken.', way: 'move', to: 'take-sms-replies' },
  'pause-marketing': {
    contains: 'Alarms of bounces and complaints that did not pause marketing, because that could not be put on record.',
    way: 'move',
    to: 'pause-marketing',
  },
  'record-sms-receipts': {
    contains: 'Batches of receipts of texts that could not be recorded.',
    way: 'invoke',
    function: 'record-sms-receipts',
  },
} as const satisfies Record<string, DeadLetterQueueOfStack>;

export type DeadLetterQueueName = keyof typeof DEAD_LETTER_QUEUES;
const NAMES = Object.keys(DEAD_LETTER_QUEUES) as [DeadLetterQueueName, ...DeadLetterQueueName[]];
export const DeadLetterQueueName = z.enum(NAMES, { error: `one of ${NAMES.join(', ')}` });

export const MoveTask = z.object({
  state: z.enum(['running', 'completed', 'failed', 'cancelling', 'cancelled']),
  moved: z.int(),
  total: z.int().optional(),
  startedAt: z.iso.datetime().optional(),
  failure: z.string().optional(),
});
export type MoveTask = z.infer<typeof MoveTask>;

/** SQS's counts are approximate. */
export const DeadLetterQueue = z
  .object({
    queue: DeadLetterQueueName,
    contains: z.string(),
    way: RedriveWay,
    waiting: z.int().meta({ description: 'The approximate number of waiting messages.' }),
    inHands: z.int().meta({ description: 'The approximate number of messages in processing. They return unless they are handled.' }),
    lastMove: MoveTask.optional(),
  })
  .meta({ id: 'DeadLetterQueue' });
export type DeadLetterQueue = z.infer<typeof DeadLetterQueue>;

export const RedriveDeadLettersRequest = z
  .strictObject({ dryRun: z.boolean().default(true).meta({ description: 'Only counts the messages.' }) })
  .meta({ id: 'RedriveDeadLettersRequest' });

/** The result for messages that are redriven one by one. */
export const Handled = z.enum([
  'sent',
  'started',
  'still-running',
  'already-finished',
  'started-nothing',
  'invoked',
  /** These stay in the queue. */
  'unreadable',
  'unknown-event',
  'failed-again',
]);
export type Handled = z.infer<typeof Handled>;

export const RedriveReport = z
  .object({
    ...DeadLetterQueue.pick({ queue: true, way: true }).shape,
    dryRun: z.boolean(),
    found: z.int().meta({ description: 'The approximate number of messages that waited at the time of the request.' }),
    move: MoveTask.optional().meta({ description: 'The move task, which continues by itself.' }),
    handled: z.partialRecord(Handled, z.int()).optional().meta({
      description: 'The results of the messages handled one by one. Unreadable messages and those that failed again stay in the queue.',
    }),
    goesOn: z.boolean().meta({ description: 'More messages are waiting than one request handles: repeat the request.' }),
  })
  .meta({ id: 'RedriveReport' });
export type RedriveReport = z.infer<typeof RedriveReport>;
