import * as z from 'zod';
import { CounterUnit } from '../../schemas/configuration/counter-unit.ts';
import { defineWorkflow } from '../define-workflow.ts';
import { WORKFLOW_SETTINGS } from '../settings.ts';

export const rollover = defineWorkflow({
  name: 'rollover',
  startedBy: ['PlanRollover'],
  settings: z.strictObject({
    ...WORKFLOW_SETTINGS,
    /** The unit of an amount that Totogi sends as a bare number. Without it such an amount is left out. */
    unit: CounterUnit.optional(),
  }),
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
  },
  startsOffer: false,
  runsLate: false,
});
