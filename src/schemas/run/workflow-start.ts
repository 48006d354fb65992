import * as z from 'zod';
import { WEEK } from '../../platform/duration.ts';
import { ULID_PATTERN } from '../../platform/ulid.ts';

/** A workflow's input: IDs only, so that it is byte-identical however often it is built from the stored record. */
export const WorkflowStart = z.object({ tenant: z.string().min(1), account: z.string().min(1), eventId: z.string().regex(ULID_PATTERN) });
export type WorkflowStart = z.infer<typeof WorkflowStart>;

/** After this long since its decision, nothing starts a workflow for an event any more: no queue, repeat or replay. */
export const STARTS_FOR_MILLISECONDS = WEEK;
