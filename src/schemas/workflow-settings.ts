import * as z from 'zod';
import { DAY } from '../runtime/duration.ts';
import { CounterUnit } from './counter-rule.ts';
import type { WORKFLOWS } from './workflow.ts';

const MAX_WAIT_SECONDS = DAY / 1_000;
const MAX_GRACE_DAYS = 45;

const workflowSettings = {
  enabled: z.boolean().default(true),
  /** How long to wait before checking whether the message is still true. */
  waitSeconds: z.int().min(0).max(MAX_WAIT_SECONDS).default(0),
};
const WorkflowSettings = z.strictObject(workflowSettings);

/** Several thresholds of one counter within this time give one message, the most severe. */
const quietMinutes = z
  .number()
  .min(0)
  .max(24 * 60)
  .default(10);
const CounterWorkflowSettings = z.strictObject({ ...workflowSettings, quietMinutes });

const PlanExpirySettings = z.strictObject({
  ...workflowSettings,
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

const RenewalFailedSettings = z.strictObject({
  ...workflowSettings,
  /** How long a failed renewal is retried, as set in Plan Design. Repeats within it are one episode. */
  graceDays: z.int().min(1).max(MAX_GRACE_DAYS).default(7),
  reminderDays: z.array(z.int().min(1).max(MAX_GRACE_DAYS)).max(5).default([2]),
});

const RolloverSettings = z.strictObject({
  ...workflowSettings,
  /** The unit of an amount that Totogi sends as a bare number. Without it such an amount is left out. */
  unit: CounterUnit.optional(),
});

const RetentionOfferSettings = z.strictObject({
  ...workflowSettings,
  /** How long to wait before checking for a plan change whose outcome is unknown. */
  redemptionWaitMinutes: z
    .number()
    .min(1)
    .max(24 * 60)
    .default(15),
});

export const Workflows = z.strictObject({
  'low-allowance': CounterWorkflowSettings.prefault({}),
  'credit-alert': CounterWorkflowSettings.prefault({}),
  'plan-expiry': PlanExpirySettings.prefault({}),
  'win-back': WorkflowSettings.prefault({}),
  'renewal-failed': RenewalFailedSettings.prefault({}),
  'renewal-succeeded': WorkflowSettings.prefault({}),
  rollover: RolloverSettings.prefault({}),
  welcome: WorkflowSettings.prefault({}),
  'retention-offer': RetentionOfferSettings.prefault({}),
} satisfies Record<(typeof WORKFLOWS)[number], z.ZodType>);
