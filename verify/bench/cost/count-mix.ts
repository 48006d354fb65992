import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { putProfile } from '../../../src/profiles/profile-records.ts';
import { WORKFLOWS } from '../../../src/schemas/run/workflow.ts';
import { fictionalNumber } from '../../../tooling/traffic/phone-numbers.ts';
import { notificationBodies } from '../parts/notifications.ts';
import { itemBytes } from './item-size.ts';
import type { MeteredService } from './metered-service.ts';
import { sumOfUsage, type Usage } from './usage.ts';

export const MIX = { accounts: 100, events: 300, days: 30 };

const DAY_MILLISECONDS = 86_400_000;
/** Far from the emulator's own devices. */
const FIRST_NUMBER = 5_000;
const PLACE = { country: 'US', timeZone: 'America/Chicago' };

/** DynamoDB bills this overhead for each item, and for each of its copies in an index. */
const OVERHEAD_BYTES = 100;
/** By partition and sort key. */
const OF_WORKFLOWS = /^(TENANT#[^#]+#ACCOUNT#\S+ (RUN#|MESSAGE#|EPISODE#|OFFER#|MARKETING$)|LOOKUP#(receipt|link)#)/;

/** In bytes as DynamoDB bills them. */
type Stored = {
  events: number;
  /** The events' copies in the index. */
  index: number;
  /** Runs, messages, episodes, offers and their look-ups. */
  workflows: number;
};

export type CountedMix = { events: number; workflows: Usage; stored: Stored };

/**
 * Sends a month of the emulator's traffic, by the clock, to the tenant of `config/`, until every run has finished. Every account has a
 * number, an address and consent to marketing.
 */
export async function countMix(service: MeteredService, seed: number, log: (line: string) => void): Promise<CountedMix> {
  const { parts, usageOf, tenants, put, goOn } = service;
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
  const workflows = sumOfUsage(WORKFLOWS.map(usageOf));
  return { events: MIX.events, workflows, stored: await weighTable(service) };
}

async function introduce({ table, parts }: MeteredService, owner: { tenant: string; account: string }, number: number): Promise<void> {
  const at = parts.clock.now();
  const agreed = { given: true, source: 'bench', at: new Date(at).toISOString() };
  const contact = { phone: `+${fictionalNumber(FIRST_NUMBER + number)}`, email: `account-${number}@bench.example` };
  const profile = { ...contact, ...PLACE, consents: { marketing: { sms: agreed, email: agreed } } };
  await putProfile(table, owner, profile, { source: 'bench', at });
}

/** Leaves out configurations, profiles and days. */
async function weighTable({ parts, table }: MeteredService): Promise<Stored> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${parts.aws.dynamoDbPort}`, region: 'us-east-1', credentials });
  const stored: Stored = { events: 0, index: 0, workflows: 0 };
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table.name })) for (const item of Items) weigh(item, stored);
  client.destroy();
  return stored;
}

function weigh(item: Record<string, AttributeValue>, stored: Stored): void {
  const bytes = itemBytes(item) + OVERHEAD_BYTES;
  const key = `${item.pk?.S} ${item.sk?.S}`;
  if ('timeline' in item) {
    stored.events += bytes;
    stored.index += bytes;
  } else if (OF_WORKFLOWS.test(key)) stored.workflows += bytes;
}
