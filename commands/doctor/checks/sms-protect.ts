import {
  DescribeProtectConfigurationsCommand,
  GetProtectConfigurationCountryRuleSetCommand,
  type ProtectConfigurationCountryRuleSetInformation,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { textedCountries } from '../../../src/schemas/configuration/tenant-configuration.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

const ABOUT = 'AWS End User Messaging';
const SERVICE = 'pinpoint-sms-voice-v2';
const MAX_NAMED = 5;

export const smsProtect: Check = {
  name: 'sms-protect',
  looksAt: "the account-wide protect configuration: whether AWS only allows texts to the tenants' countries",
  why: "It applies to everything that sends texts in this account, so it also limits an attacker who has the account's keys.",
  run: async (setup) => {
    const id = await findAccountDefault(setup);
    return id === undefined ? [hasNone(setup)] : checkCountries(setup, id);
  },
};

async function findAccountDefault({ aws }: Setup): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await aws.smsVoice.send(new DescribeProtectConfigurationsCommand({ NextToken }));
    const found = page.ProtectConfigurations?.find(({ AccountDefault }) => AccountDefault);
    if (found) return found.ProtectConfigurationId;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

function hasNone({ command }: Setup): Finding {
  const create = command(SERVICE, 'create-protect-configuration', '--query', 'ProtectConfigurationId', '--output', 'text');
  const use = command(SERVICE, 'set-account-default-protect-configuration', '--protect-configuration-id', '<id>');
  const detail = 'has no account-wide protect configuration, so AWS sends texts to every country';
  return fault(ABOUT, detail, `${create} && ${use} # then run this check again: it lists the countries to block`);
}

async function checkCountries(setup: Setup, id: string): Promise<Finding[]> {
  const wanted = new Set(setup.tenants().flatMap(textedCountries));
  const { CountryRuleSet = {} } = await setup.aws.smsVoice.send(
    new GetProtectConfigurationCountryRuleSetCommand({ ProtectConfigurationId: id, NumberCapability: 'SMS' }),
  );
  const isBlocked = (country: string) => CountryRuleSet[country]?.ProtectStatus === 'BLOCK';
  const toAllow = [...wanted].filter(isBlocked);
  const toBlock = Object.entries(CountryRuleSet)
    .filter(([country, rule]) => !wanted.has(country) && isOpen(rule))
    .map(([country]) => country);
  if (toAllow.length === 0 && toBlock.length === 0) return [fine(ABOUT, "only allows texts to the tenants' countries")];
  const update = Object.fromEntries([
    ...toBlock.map((country) => rule(country, 'BLOCK')),
    ...toAllow.map((country) => rule(country, 'ALLOW')),
  ]);
  const remedy = setup.command(
    ...[SERVICE, 'update-protect-configuration-country-rule-set', '--protect-configuration-id', id, '--number-capability', 'SMS'],
    ...['--country-rule-set-updates', JSON.stringify(update)],
  );
  const detail = [
    ...(toAllow.length === 0 ? [] : [`blocks texts to ${named(toAllow)}, which tenants use`]),
    ...(toBlock.length === 0 ? [] : [`allows texts to ${named(toBlock)}, which no tenant uses`]),
  ];
  return [fault(ABOUT, detail.join(', and '), remedy)];
}

/** Monitored and filtered countries also pass, unless AWS objects. */
function isOpen({ ProtectStatus }: ProtectConfigurationCountryRuleSetInformation): boolean {
  return ProtectStatus !== 'BLOCK';
}

function rule(country: string, ProtectStatus: 'ALLOW' | 'BLOCK') {
  return [country, { ProtectStatus }];
}

function named(countries: string[]): string {
  const rest = countries.length - MAX_NAMED;
  return `${countries.slice(0, MAX_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
