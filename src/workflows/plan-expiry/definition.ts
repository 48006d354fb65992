import * as z from 'zod';
import { defineWorkflow } from '../define-workflow.ts';
import { WORKFLOW_SETTINGS } from '../settings.ts';

const settings = z.strictObject({
  ...WORKFLOW_SETTINGS,
  /** How long before a plan's end Totogi warns, as set in Plan Design: the event has no end time. Without it there is no reminder. */
  leadTimeHours: z
    .number()
    .positive()
    .max(24 * 60)
    .optional(),
  reminderHoursBefore: z
    .number()
    .positive()
    .max(24 * 60)
    .default(24),
});

export const planExpiry = defineWorkflow({
  name: 'plan-expiry',
  startedBy: ['PlanExpiryWarning'],
  settings,
  plausibleSettings: settings.superRefine(({ leadTimeHours, reminderHoursBefore }, context) => {
    if (leadTimeHours === undefined || reminderHoursBefore < leadTimeHours) return;
    const message = `leaves no time between the warning, ${leadTimeHours} h before the end, and the reminder, which never goes`;
    const params = { remedy: `Write less than ${leadTimeHours}` };
    context.addIssue({ code: 'custom', path: ['reminderHoursBefore'], message, params });
  }),
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
    reminder: { step: 'reminder-email', channel: 'email', kind: 'reminder' },
  },
  startsOffer: true,
  runsLate: false,
});
