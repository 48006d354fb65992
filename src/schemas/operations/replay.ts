import * as z from 'zod';
import { ULID_PATTERN } from '../../platform/ulid.ts';
import { NOTIFICATION_TYPES } from '../event/notification-type.ts';
import { NotStartedReason, WorkflowName } from '../run/workflow.ts';

const Rfc3339Time = z.iso
  .datetime({ offset: true, error: 'a time with an offset such as "2026-05-01T08:00:00Z"' })
  .meta({ override: { type: 'string', format: 'date-time' } });

const EventType = z.enum(NOTIFICATION_TYPES);

export const ReplayRequest = z
  .strictObject({
    from: Rfc3339Time.meta({ description: 'The earliest time of occurrence (inclusive).' }),
    to: Rfc3339Time.meta({ description: 'The latest time of occurrence (exclusive).' }),
    types: z
      .array(EventType)
      .min(1)
      .max(NOTIFICATION_TYPES.length)
      .optional()
      .meta({ description: 'The types of events to include. Default: all.' }),
    workflows: z
      .array(WorkflowName)
      .min(1)
      .max(WorkflowName.options.length)
      .optional()
      .meta({ description: 'The workflows that the replay may start. Default: all.' }),
    dryRun: z.boolean().default(true).meta({ description: 'Reports what the replay would start, and starts nothing.' }),
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
    state: ReplayState.meta({ description: 'First `counting` the events, then `working`, then `done`.' }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
    byType: ReplayTally.shape.byType,
    done: z.int().meta({ description: 'The number of processed events.' }),
    total: z.int().nullable().meta({ description: 'The number of events; null until they are counted.' }),
    started: ReplayTally.shape.started.meta({ description: 'Runs that the replay started, or that a dry run would start.' }),
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
    description: 'Repeated requests with the same key and the same body are the same replay.',
    param: { example: 'ticket-4711' },
  });
