import * as z from 'zod';
import { ULID_PATTERN } from './event-id.ts';
import { AccountId, TenantId } from './notification.ts';

/** What a workflow is started with: ids only, so that it is byte-identical however often it is built from the stored record. */
export const WorkflowStart = z.object({ tenant: TenantId, account: AccountId, eventId: z.string().regex(ULID_PATTERN) });
export type WorkflowStart = z.infer<typeof WorkflowStart>;
