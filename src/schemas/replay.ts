import * as z from 'zod';
import { ULID_PATTERN } from './event-id.ts';
import { NOTIFICATION_TYPES } from './notification-type.ts';
import { NotStartedReason, WorkflowName } from './workflow.ts';

const Rfc3339Time = z.iso
  .datetime({ offset: true, error: 'a time with an offset such as "2026-05-01T08:00:00Z"' })
  .meta({ override: { type: 'string', format: 'date-time' } });

const EventType = z.enum(NOTIFICATION_TYPES);

export const ReplayRequest = z
  .strictObject({
    from: Rfc3339Time.meta({ description: 'The earliest time of occurrence, included.' }),
    to: Rfc3339Time.meta({ description: 'The time of occurrence before which it ends.' }),
    types: z.array(EventType).min(1).max(NOTIFICATION_TYPES.length).optional().meta({ description: 'Without it, all.' }),
    workflows: z
      .array(WorkflowName)
      .min(1)
      .max(WorkflowName.options.length)
      .optional()
      .meta({ description: 'Which workflows it may start. Without it, all.' }),
    dryRun: z.boolean().default(true).meta({ description: 'Says what it would start, and starts nothing.' }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'a time after `from`' })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** A reason not to start now, or the stored state. */
export const SkipReason = z.enum([
  ...NotStartedReason.options,
  'already-run',
  'not-chosen',
  /** Decided more than seven days ago, so the name of its execution may be free again. */
  'too-old',
]);
export type SkipReason = z.infer<typeof SkipReason>;

export const ReplayState = z.enum(['counting', 'working', 'done']);

export const ReplayTally = z.object({
  byType: z.partialRecord(EventType, z.int()).meta({ description: 'The events of the range, by type.' }),
  counted: z.int(),
  done: z.int(),
  started: z.partialRecord(WorkflowName, z.int()),
  skipped: z.partialRecord(SkipReason, z.int()),
});
export type ReplayTally = z.infer<typeof ReplayTally>;

export const Replay = z
  .object({
    id: z.string(),
    tenant: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    types: z.array(EventType).optional(),
    workflows: z.array(WorkflowName).optional(),
    dryRun: z.boolean(),
    state: ReplayState.meta({ description: '`counting` the events, then `working` through them, then `done`.' }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
    byType: ReplayTally.shape.byType,
    done: z.int().meta({ description: 'How many events have been gone through.' }),
    total: z.int().nullable().meta({ description: 'Of how many; null until they are counted.' }),
    started: ReplayTally.shape.started.meta({ description: 'Runs that were started, or would be by a replay that is no dry run.' }),
    skipped: ReplayTally.shape.skipped.meta({ description: 'Events that start nothing, by reason.' }),
  })
  .meta({ id: 'Replay' });
export type Replay = z.infer<typeof Replay>;

/** The input of a replay's execution. A very large replay takes several executions, one after the other. */
export const ReplayStart = z.strictObject({
  tenant: z.string().min(1),
  replay: z.string().regex(ULID_PATTERN),
  part: z.int().positive(),
});
export type ReplayStart = z.infer<typeof ReplayStart>;

/** A replay has two passes, the first to count. `after` is the ULID after which the page starts. */
export const ReplayPosition = z.object({
  pass: z.enum(['count', 'work', 'over']),
  page: z.int(),
  after: z.string().nullable(),
});
export type ReplayPosition = z.infer<typeof ReplayPosition>;

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, '1 to 200 characters of ASCII without blanks')
  .optional()
  .meta({
    description: 'The same key with the same body is the same replay, however often it is sent.',
    param: { example: 'ticket-4711' },
  });
