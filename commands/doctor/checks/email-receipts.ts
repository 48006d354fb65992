import { type EventDestination, GetConfigurationSetEventDestinationsCommand } from '@aws-sdk/client-sesv2';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

const ANNOUNCED = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'] as const;

export const emailReceipts: Check = {
  name: 'email-receipts',
  looksAt: "the configuration sets of the tenants' configuration, and whether they report to EventBridge",
  why: 'Without them bounces and complaints stay unknown: mail goes to dead addresses until SES suspends the account.',
  run: async (setup) => {
    const tenants = setup.tenants();
    const sets = [...new Set(tenants.flatMap(({ email }) => Object.values(email.configurationSets)))];
    const without = tenants.filter(({ email }) => Object.keys(email.from).some((name) => !(name in email.configurationSets)));
    const found = await Promise.all(sets.map((set) => checkSet(setup, set)));
    return [...found, ...without.map(({ tenant }) => withoutSet(setup, tenant))];
  },
};

function withoutSet({ publish }: Setup, tenant: string): Finding {
  const remedy = `# add email.configurationSets to config/operations/${tenant}.yml (docs/receipts.md), then: ${publish()}`;
  return fault(tenant, 'sends email without a configuration set, so receipts are missing', remedy);
}

async function checkSet(setup: Setup, set: string): Promise<Finding> {
  const { aws, command } = setup;
  const found = await unlessMissing(aws.ses.send(new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: set })));
  if (!found)
    return fault(set, 'there is no such configuration set', command('sesv2', 'create-configuration-set', '--configuration-set-name', set));
  const destinations = found.EventDestinations ?? [];
  const announced = destinations
    .filter(({ Enabled, EventBridgeDestination }) => Enabled && EventBridgeDestination)
    .flatMap(({ MatchingEventTypes = [] }) => MatchingEventTypes);
  const missing = ANNOUNCED.filter((type) => !announced.includes(type));
  if (missing.length === 0) return fine(set, 'reports to EventBridge');
  return fault(set, `does not report to EventBridge: ${missing.join(', ')}`, announceToEventBridge(setup, { set, destinations, missing }));
}

type Unannounced = { set: string; destinations: EventDestination[]; missing: (typeof ANNOUNCED)[number][] };

/** Fixes an existing destination, preferably an enabled one: a second one would report every event twice. */
function announceToEventBridge({ location: place, command }: Setup, { set, destinations, missing }: Unannounced): string {
  const ofBus = destinations.filter(({ EventBridgeDestination }) => EventBridgeDestination);
  const present = ofBus.find(({ Enabled }) => Enabled) ?? ofBus[0];
  const bus = `arn:${place.partition}:events:${place.region}:${place.accountId}:event-bus/default`;
  const wanted = {
    Enabled: true,
    MatchingEventTypes: [...new Set([...(present?.MatchingEventTypes ?? []), ...missing])],
    EventBridgeDestination: { EventBusArn: present?.EventBridgeDestination?.EventBusArn ?? bus },
  };
  const isTaken = destinations.some(({ Name }) => Name === 'receipts');
  const name = present?.Name ?? (isTaken ? 'receipts-to-eventbridge' : 'receipts');
  const named = ['--configuration-set-name', set, '--event-destination-name', name];
  const verb = present ? 'update' : 'create';
  return command('sesv2', `${verb}-configuration-set-event-destination`, ...named, '--event-destination', JSON.stringify(wanted));
}
