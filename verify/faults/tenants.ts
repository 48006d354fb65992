import { PublishedConfiguration, templateName } from '../../src/schemas/configuration/published-configuration.ts';
import { type Channel, Channel as ChannelName } from '../../src/schemas/message/channel.ts';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { offersOf } from './offers.ts';

/** `share` is the tenant's share of the notifications. */
export type ProvenTenant = { tenant: string; share: number; isConfigured: boolean };

/** One that waits and sends everything, one that sends at once, and one without configuration. */
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

/** The proof packs months of an account's life into minutes, and its ledgers must not depend on that speed. */
const AS_MANY_AS_MAY_BE = { perHour: 1_000, perDay: 1_000 };
const NO_LIMITS = { number: AS_MANY_AS_MAY_BE, account: AS_MANY_AS_MAY_BE, tenantPerDay: 100_000_000 };

/** For one tenant, Totogi's account is the last source of contacts. */
const CONTACTS: Record<string, unknown[]> = {
  'prove-patient': ['profile', 'device', { customProperties: { phone: 'contact.phone', email: 'contact.email' } }],
};

export function asksTotogiForContacts(tenant: string): boolean {
  return CONTACTS[tenant] !== undefined;
}

/** `config/` belongs to people and may change, so the proof has its own tenants. */
export function configurations(): PublishedConfiguration[] {
  return [configurationOf('prove-patient', PATIENT), configurationOf('prove-prompt', PROMPT)];
}

function configurationOf(tenant: string, workflows: Record<string, unknown>): PublishedConfiguration {
  const configuration = {
    tenant,
    name: 'Proof',
    currency: 'USD',
    deviceIds: 'msisdn',
    country: 'US',
    sms: { limits: NO_LIMITS },
    email: { from: { service: `Proof <care@${tenant}.example>`, marketing: `Proof <news@${tenant}.example>` } },
    totogi: { region: 'us-east-1' },
    hours: { default: { from: '00:00', to: '23:59' } },
    caps: { perDay: 50, perWeek: 200 },
    ...(CONTACTS[tenant] && { contacts: CONTACTS[tenant] }),
    workflows,
  };
  return PublishedConfiguration.parse({ version: 'proof', configuration, templates: templates(), offers: offersOf(tenant) });
}

function templates(): Record<string, object> {
  const all = WORKFLOWS.flatMap((workflow) =>
    ChannelName.options.map((channel) => [`en/${templateName(workflow, channel)}`, template(workflow, channel)]),
  );
  return { ...Object.fromEntries(all), 'en/offer-redeemed.sms': template('offer-redeemed', 'sms') };
}

function template(workflow: string, channel: Channel): object {
  if (workflow === 'retention-offer') return offerTemplate(channel);
  const text = `{{ brand }}: ${workflow}`;
  return channel === 'email' ? { class: 'service', subject: workflow, text } : { class: 'service', text };
}

function offerTemplate(channel: Channel): object {
  const text = '{{ brand }}: {{ offer }} {{ offerLink }}';
  if (channel === 'sms') return { class: 'marketing', text };
  return { class: 'marketing', subject: '{{ offer }}', text: `${text}\n\n{{ unsubscribe }}` };
}
