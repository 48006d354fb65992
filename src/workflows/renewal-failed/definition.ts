import * as z from 'zod';
import { defineWorkflow } from '../define-workflow.ts';
import { WORKFLOW_SETTINGS } from '../settings.ts';

const MAX_GRACE_DAYS = 45;

const settings = z.strictObject({
  ...WORKFLOW_SETTINGS,
  /** How long a failed renewal is retried, as set in Plan Design. Repeats within it are one episode. */
  graceDays: z.int().min(1).max(MAX_GRACE_DAYS).default(7),
  reminderDays: z.array(z.int().min(1).max(MAX_GRACE_DAYS)).max(5).default([2]),
});

export const renewalFailed = defineWorkflow({
  name: 'renewal-failed',
  startedBy: ['AutoRenewFailure'],
  settings,
  plausibleSettings: settings.superRefine(({ graceDays, reminderDays }, context) => {
    for (const [index, day] of reminderDays.entries()) {
      if (day < graceDays) continue;
      const message = `is not within the ${graceDays} days of grace, so this reminder never goes`;
      const params = { remedy: `Write at most ${graceDays - 1}, or raise graceDays` };
      context.addIssue({ code: 'custom', path: ['reminderDays', index], message, params });
    }
  }),
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
    mail: { step: 'notice-email', channel: 'email', kind: 'notice' },
    reminder: { step: 'reminder-sms', channel: 'sms', kind: 'reminder' },
  },
  startsOffer: false,
  runsLate: false,
});
