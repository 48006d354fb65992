import type * as z from 'zod';
import type { PublishedConfiguration } from '../../src/schemas/configuration/published-configuration.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { Notification } from '../../src/schemas/event/notification.ts';

/** A published configuration of the tenant `mvno-example`; what is given replaces the defaults. */
export function published(parts: Partial<z.input<typeof TenantConfiguration>> = {}): PublishedConfiguration {
  const text = '{{ brand }} {{ type }} {{ level }} {{ unit }} {{ counts }} {{ amount }}';
  return {
    version: 'v-1',
    configuration: TenantConfiguration.parse({
      tenant: 'mvno-example',
      name: 'Example',
      currency: 'USD',
      deviceIds: 'msisdn',
      country: 'US',
      ...parts,
    }),
    templates: {
      'en/low-allowance.sms': { class: 'service', text: `EN ${text}` },
      'es/low-allowance.sms': { class: 'service', text: `ES ${text}` },
      'en/credit-alert.sms': { class: 'service', text: `EN ${text}` },
    },
    offers: [],
  };
}

/** A notification in its normal form; what is given replaces parts of a counter that ran low. */
export function notification(parts: Record<string, unknown> = {}): Notification {
  const low = { type: 'CounterThreshold', tenant: 'mvno-example', account: 'acc-1', name: 'AllowanceThresholdData', state: 'low' };
  return Notification.parse({ ...low, fields: {}, occurredAt: '2026-05-01T08:00:00.000Z', ...parts });
}
