import { defineWorkflow } from '../define-workflow.ts';
import { WorkflowSettings } from '../settings.ts';

export const renewalSucceeded = defineWorkflow({
  name: 'renewal-succeeded',
  startedBy: ['AutoRenewSuccess'],
  settings: WorkflowSettings,
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
    confirmation: { step: 'confirmation-sms', channel: 'sms', kind: 'confirmation' },
  },
  startsOffer: false,
  runsLate: false,
});
