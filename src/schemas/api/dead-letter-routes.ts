import * as z from 'zod';
import { PLATFORM_TENANT } from '../../platform/reserved-tenants.ts';
import { DeadLetterQueue, DeadLetterQueueName, RedriveDeadLettersRequest, RedriveReport } from '../operations/dead-letters.ts';
import { listOf, NoQuery, type Route } from './route.ts';

/** Dead-letter queues contain events of every tenant, so no tenant's token opens them. */
const OperatorTenant = z
  .literal(PLATFORM_TENANT, { error: `the reserved tenant "${PLATFORM_TENANT}", which operates the service` })
  .meta({ param: { example: PLATFORM_TENANT } });
const OperatorPath = z.object({ tenant: OperatorTenant });
const QueuePath = z.object({ tenant: OperatorTenant, queue: DeadLetterQueueName.meta({ param: { example: 'consume-notifications' } }) });

const queueExample: z.input<typeof DeadLetterQueue> = {
  queue: 'consume-notifications',
  contains: 'Notifications that could not be recorded for more than six hours, because something they need was down.',
  way: 'move',
  waiting: 12,
  inHands: 0,
};
const reportExample: z.input<typeof RedriveReport> = {
  queue: 'consume-notifications',
  way: 'move',
  dryRun: false,
  found: 12,
  move: { state: 'running', moved: 0, total: 12, startedAt: '2026-05-01T09:30:00.000Z' },
  goesOn: false,
};

export const DEAD_LETTER_ROUTES = {
  listDeadLetters: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/dead-letters',
    servedBy: 'dead-letters-api',
    scope: 'operations',
    summary: 'List dead-letter queues',
    description: `Shows how many messages each queue holds. The queues hold events of every tenant, so they belong to the reserved tenant \`${PLATFORM_TENANT}\`.`,
    pathParameters: OperatorPath,
    query: NoQuery,
    reply: listOf(DeadLetterQueue),
    replies: 'The queues',
    examples: { reply: { data: [queueExample], next: null } },
  },
  redriveDeadLetters: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/dead-letters/{queue}/redrive',
    servedBy: 'dead-letters-api',
    scope: 'operations',
    summary: 'Redrive a dead-letter queue',
    description:
      'Only counts the messages, unless `dryRun` is false. A move task of SQS returns the messages of a queue; all others are handled one by one for up to 15 seconds. May be repeated.',
    pathParameters: QueuePath,
    query: NoQuery,
    body: RedriveDeadLettersRequest,
    bodyIsOptional: true,
    reply: RedriveReport,
    replies: 'The messages found, and the result',
    examples: { body: { dryRun: false }, reply: reportExample },
  },
} as const satisfies Record<string, Route>;
