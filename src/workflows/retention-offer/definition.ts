import * as z from 'zod';
import { defineWorkflow } from '../define-workflow.ts';
import { WORKFLOW_SETTINGS } from '../settings.ts';

export const retentionOffer = defineWorkflow({
  name: 'retention-offer',
  // Another workflow or an offer's own trigger starts it.
  startedBy: [],
  settings: z.strictObject({
    ...WORKFLOW_SETTINGS,
    /** How long to wait before checking for a plan change whose outcome is unknown. */
    redemptionWaitMinutes: z
      .number()
      .min(1)
      .max(24 * 60)
      .default(15),
  }),
  // Each offer sets its own channels and templates.
  messages: {},
  startsOffer: false,
  // An accepted offer must be granted, however late.
  runsLate: true,
});
