import { defineWorkflow } from '../define-workflow.ts';
import { WorkflowSettings } from '../settings.ts';

export const welcome = defineWorkflow({
  name: 'welcome',
  startedBy: ['NewPlanActivated'],
  settings: WorkflowSettings,
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
    mail: { step: 'notice-email', channel: 'email', kind: 'notice' },
  },
  startsOffer: false,
  runsLate: false,
});
