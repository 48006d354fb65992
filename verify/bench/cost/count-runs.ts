import { publishConfiguration } from '../../../src/configuration/configurations.ts';
import { PublishedConfiguration } from '../../../src/schemas/configuration/published-configuration.ts';
import { DOCUMENTED_STATES } from '../../../src/schemas/event/notification-type.ts';
import { notificationOf } from '../../../tooling/traffic/notification-detail.ts';
import { fictionalNumber } from '../../../tooling/traffic/phone-numbers.ts';
import type { MeteredService } from './metered-service.ts';
import type { Usage } from './usage.ts';

const TENANT = 'bench-runs';

/** One of the simplest workflows: it sends one text and has no wait. */
export const COUNTED_WORKFLOW = 'rollover';

export const WARM_UP_RUNS = 1;
export const COUNTED_RUNS = 200;

/**
 * Counts the usage of runs that each send one text, one after the other. The first ones warm up, since a process reads a version of the
 * configuration once.
 */
export async function countRuns(service: MeteredService, { warmUp, runs }: { warmUp: number; runs: number }): Promise<Usage> {
  const { parts, table, put, goOn } = service;
  await publishConfiguration(table, CONFIGURATION, new Date(parts.clock.now()));
  for (let run = 0; run < warmUp + runs; run += 1) {
    if (run === warmUp) service.forget();
    put(rollover(run, parts.clock.now()));
    await goOn();
  }
  return service.usageOf(COUNTED_WORKFLOW);
}

/** A text of one part. */
const CONFIGURATION = PublishedConfiguration.parse({
  version: 'bench',
  configuration: {
    tenant: TENANT,
    name: 'Bench Mobile',
    currency: 'USD',
    contacts: ['device'],
    deviceIds: 'msisdn',
    country: 'US',
    sms: { limits: { number: { perHour: 1_000, perDay: 1_000 }, account: { perHour: 1_000, perDay: 1_000 } } },
  },
  templates: { 'en/rollover.sms': { class: 'service', text: '{{ brand }}: your unused allowance has been carried over.' } },
  offers: [],
});

/** In the form of a queue message. */
export function rollover(run: number, at: number): string {
  const device = fictionalNumber(run);
  const happening = { type: 'PlanRollover', name: 'PlanRollover', state: DOCUMENTED_STATES.PlanRollover, device, fields: {} } as const;
  const circumstances = { tenant: TENANT, account: `account-${run}`, session: `bench-${run}`, invokedAt: at, content: run };
  const { source, detailType, detail } = notificationOf(happening, circumstances, 'lower-case');
  return JSON.stringify({ source, 'detail-type': detailType, time: new Date(at).toISOString(), detail });
}
