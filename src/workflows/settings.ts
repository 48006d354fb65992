import * as z from 'zod';

const MAX_WAIT_SECONDS = 24 * 60 * 60;

export const WORKFLOW_SETTINGS = {
  enabled: z.boolean().default(true),
  /** How long to wait before checking whether the message is still true. */
  waitSeconds: z.int().min(0).max(MAX_WAIT_SECONDS).default(0),
};
export const WorkflowSettings = z.strictObject(WORKFLOW_SETTINGS);

/** Several thresholds of one counter within this time give one message, the most severe. */
const quietMinutes = z
  .number()
  .min(0)
  .max(24 * 60)
  .default(10);
export const CounterWorkflowSettings = z.strictObject({ ...WORKFLOW_SETTINGS, quietMinutes });
