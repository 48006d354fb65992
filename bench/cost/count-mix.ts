import { WORKFLOWS } from '../../src/schemas/workflow.ts';
import { putProfile } from '../../src/store/profiles/profiles.ts';
import { fictionalNumber } from '../../tooling/traffic/phone-numbers.ts';
import { notificationBodies } from '../parts/notifications.ts';
import type { MeteredService } from './metered-service.ts';
import { type Stored, weighTable } from './stored.ts';
import { sumOfUsage, type Usage } from './usage.ts';

export const MIX = { accounts: 100, events: 300, days: 30 };

const DAY_MILLISECONDS = 86_400_000;
/** Far from the emulator's own devices. */
const FIRST_NUMBER = 5_000;
const PLACE = { country: 'US', timeZone: 'America/Chicago' };

export type CountedMix = { events: number; workflows: Usage; stored: Stored };

/**
 * Sends a month of the emulator's traffic, by the clock, to the tenant of `config/`, until every run has finished. Every account has a
 * number, an address and consent to marketing.
 */
export async function countMix(service: MeteredService, seed: number, log: (line: string) => void): Promise<CountedMix> {
  const { parts, meter, tenants, put, goOn } = service;
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('There is no tenant in config/.');
  const startsAt = parts.clock.now();
  const millisecondsApart = (MIX.days * DAY_MILLISECONDS) / MIX.events;
  const bodies = notificationBodies({ tenant, accounts: MIX.accounts, seed, startsAt, millisecondsApart });
  const known = new Set<string>();
  for (let event = 0; event < MIX.events; event += 1) {
    await goOn(startsAt + event * millisecondsApart);
    const body = bodies.next().value;
    const account: string = JSON.parse(body).detail.eventdata.accountid;
    if (!known.has(account)) await introduce(service, { tenant, account }, known.size);
    known.add(account);
    put(body);
    if ((event + 1) % (MIX.events / 5) === 0) log(`${event + 1} of ${MIX.events} events of the mix`);
  }
  await goOn();
  const workflows = sumOfUsage(WORKFLOWS.map((workflow) => meter.usageOf(workflow)));
  return { events: MIX.events, workflows, stored: await weighTable(service) };
}

async function introduce({ table, parts }: MeteredService, owner: { tenant: string; account: string }, number: number): Promise<void> {
  const at = parts.clock.now();
  const agreed = { given: true, source: 'bench', at: new Date(at).toISOString() };
  const contact = { phone: `+${fictionalNumber(FIRST_NUMBER + number)}`, email: `account-${number}@bench.example` };
  const profile = { ...contact, ...PLACE, consents: { marketing: { sms: agreed, email: agreed } } };
  await putProfile(table, owner, profile, { source: 'bench', at });
}
