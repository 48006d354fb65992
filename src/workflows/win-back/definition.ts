import { defineWorkflow } from '../define-workflow.ts';
import { WorkflowSettings } from '../settings.ts';

export const winBack = defineWorkflow({
  name: 'win-back',
  startedBy: ['PlanExpired', 'PlanCancelled'],
  settings: WorkflowSettings,
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
  },
  startsOffer: true,
  runsLate: false,
});
