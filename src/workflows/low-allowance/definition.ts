import { defineWorkflow } from '../define-workflow.ts';
import { CounterWorkflowSettings } from '../settings.ts';

export const lowAllowance = defineWorkflow({
  name: 'low-allowance',
  startedBy: ['CounterThreshold', 'UnitAllowanceThreshold'],
  settings: CounterWorkflowSettings,
  messages: {
    notice: { step: 'notice-sms', channel: 'sms', kind: 'notice' },
  },
  startsOffer: true,
  runsLate: false,
});
