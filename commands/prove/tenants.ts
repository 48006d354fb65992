import { type Channel, Channel as ChannelName } from '../../src/schemas/message.ts';
import { PublishedConfiguration, templateName } from '../../src/schemas/published-configuration.ts';
import { WORKFLOWS } from '../../src/schemas/workflow.ts';

/** A tenant of the proof, the share of the notifications that are its, and whether it is configured. */
export type ProvenTenant = { tenant: string; share: number; isConfigured: boolean };

/** One that waits and tells everything, one that tells at once, and one that nobody configured. */
export const TENANTS: readonly ProvenTenant[] = [
  { tenant: 'prove-patient', share: 0.45, isConfigured: true },
  { tenant: 'prove-prompt', share: 0.45, isConfigured: true },
  { tenant: 'prove-unknown', share: 0.1, isConfigured: false },
];

const PATIENT = {
  'low-allowance': { quietMinutes: 10 },
  'plan-expiry': { leadTimeHours: 72, reminderHoursBefore: 24 },
  'renewal-failed': { graceDays: 7, reminderDays: [2, 5] },
  welcome: { waitSeconds: 120 },
};
const PROMPT = {
  'low-allowance': { quietMinutes: 0 },
  'credit-alert': { quietMinutes: 0 },
  'renewal-failed': { graceDays: 3, reminderDays: [1] },
};

/** The configurations of the proof's own tenants: `config/` is people's to change, and what is expected here must not change with it. */
export function configurations(): PublishedConfiguration[] {
  return [configurationOf('prove-patient', PATIENT), configurationOf('prove-prompt', PROMPT)];
}

function configurationOf(tenant: string, workflows: Record<string, unknown>): PublishedConfiguration {
  const configuration = { tenant, name: 'Proof', currency: 'USD', email: { from: { service: 'Proof <care@proof.example>' } }, workflows };
  return PublishedConfiguration.parse({ version: 'proof', configuration, templates: templates() });
}

function templates(): Record<string, object> {
  const all = WORKFLOWS.flatMap((workflow) =>
    ChannelName.options.map((channel) => [`en/${templateName(workflow, channel)}`, template(workflow, channel)]),
  );
  return Object.fromEntries(all);
}

function template(workflow: string, channel: Channel): object {
  const text = `{{ brand }}: ${workflow}`;
  return channel === 'email' ? { class: 'service', subject: workflow, text } : { class: 'service', text };
}
