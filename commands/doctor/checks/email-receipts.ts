import { GetConfigurationSetEventDestinationsCommand } from '@aws-sdk/client-sesv2';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';

const TOLD = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'] as const;

export const emailReceipts: Check = {
  name: 'email-receipts',
  looksAt: "the configuration sets of the tenants' configuration, and whether they tell EventBridge",
  why: 'Without them nobody learns of bounces and complaints: dead addresses are written to again, until SES stops the account.',
  run: async (setup) => {
    const tenants = setup.tenants();
    const sets = [...new Set(tenants.flatMap(({ email }) => Object.values(email.configurationSets)))];
    const without = tenants.filter(({ email }) => Object.keys(email.from).some((name) => !(name in email.configurationSets)));
    const found = await Promise.all(sets.map((set) => checkSet(setup, set)));
    return [...found, ...without.map(({ tenant }) => withoutSet(setup, tenant))];
  },
};

function withoutSet({ stage }: Setup, tenant: string): Finding {
  const mend = `# add email.configurationSets to config/tenants/${tenant}.yml (docs/receipts.md), then: npm run config:publish -- --stage ${stage}`;
  return fault(tenant, 'sends mails without a configuration set, and learns nothing of what becomes of them', mend);
}

async function checkSet({ aws, place, command }: Setup, set: string): Promise<Finding> {
  const named = ['--configuration-set-name', set];
  const found = await unlessMissing(aws.ses.send(new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: set })));
  if (!found) return fault(set, 'there is no such configuration set', command('sesv2', 'create-configuration-set', ...named));
  const told = (found.EventDestinations ?? [])
    .filter(({ Enabled, EventBridgeDestination }) => Enabled && EventBridgeDestination)
    .flatMap(({ MatchingEventTypes = [] }) => MatchingEventTypes);
  const missing = TOLD.filter((type) => !told.includes(type));
  if (missing.length === 0) return fine(set, 'tells EventBridge what becomes of mails');
  const bus = `arn:${place.partition}:events:${place.region}:${place.accountId}:event-bus/default`;
  const destination = JSON.stringify({ Enabled: true, MatchingEventTypes: TOLD, EventBridgeDestination: { EventBusArn: bus } });
  const receipts = ['--event-destination-name', 'receipts', '--event-destination', destination];
  const says = `does not tell EventBridge of ${missing.join(', ')}`;
  return fault(set, says, command('sesv2', 'create-configuration-set-event-destination', ...named, ...receipts));
}
