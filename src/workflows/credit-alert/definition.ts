import { defineWorkflow } from '../define-workflow.ts';
import { CounterWorkflowSettings } from '../settings.ts';

export const creditAlert = defineWorkflow({
  name: 'credit-alert',
  startedBy: ['OutOfCredit', 'AccountCreditWarning'],
  settings: CounterWorkflowSettings,
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
    mail: { step: 'notice-email', channel: 'email', kind: 'notice' },
  },
  startsOffer: false,
  runsLate: false,
});
