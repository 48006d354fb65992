import { defineCommand, type Values } from '../../tooling/command-line/command.ts';
import { flag, value, values } from '../../tooling/command-line/options.ts';
import { stageName } from '../../tooling/command-line/stage.ts';
import { anyText, httpUrl, matching, oneOf } from '../../tooling/command-line/value-forms.ts';
import { LOCAL_STAGE, localEndpoint, localService } from '../local-endpoint.ts';
import { DEFAULT_BUS, DEFAULT_TOTOGI_ACCOUNTS } from './check.ts';
import { CHECKS } from './checks.ts';

export type DoctorArguments = {
  stage: string;
  region: string;
  /** undefined: AWS itself. */
  endpoint: string | undefined;
  bus: string;
  totogiAccounts: string[];
  totogiUrl: string | undefined;
  directory: string;
  json: boolean;
  checks: typeof CHECKS;
};

const names = CHECKS.map(({ name }) => name);
const described = Object.fromEntries(CHECKS.map(({ name, looksAt }) => [name, looksAt]));
const LOCAL_ADDRESS = 'for the stage local: that of npm start';

export const doctorCommand = defineCommand({
  name: 'npm run doctor',
  about: 'Checks a planned or deployed stage, and prints for each fault the command that fixes it. Changes nothing.',
  options: {
    stage: value(stageName, { placeholder: 'STAGE', about: 'Deployed stage, or "local" for npm start', default: LOCAL_STAGE }),
    region: value(anyText, { placeholder: 'REGION', about: 'AWS Region', default: process.env.AWS_REGION ?? 'us-east-1' }),
    endpoint: value(httpUrl, { placeholder: 'URL', about: 'AWS emulator to use instead of AWS', defaultText: LOCAL_ADDRESS }),
    bus: value(anyText, { placeholder: 'NAME', about: 'Name of the event bus', default: DEFAULT_BUS }),
    totogiAccounts: values(matching(/^\d{12}$/, 'account IDs of 12 digits'), {
      placeholder: 'IDS',
      about: 'AWS accounts that Totogi sends from',
      default: DEFAULT_TOTOGI_ACCOUNTS,
    }),
    totogiUrl: value(httpUrl, { placeholder: 'URL', about: 'Stand-in to use instead of Totogi', defaultText: LOCAL_ADDRESS }),
    directory: value(anyText, { placeholder: 'DIR', about: 'Configuration folder', default: 'config' }),
    only: values(oneOf(names, described), { placeholder: 'NAMES', about: 'Run only these checks' }),
    skip: values(oneOf(names, {}), { placeholder: 'NAMES', about: 'Skip these checks' }),
    json: flag('Print the findings as JSON'),
  },
  notes: [
    'For the local service, addresses follow AWS_ENDPOINT_URL, AWS_PORT and PORT. Checks that it cannot answer are reported as absent, which is no fault.',
    'Credentials come from the environment. They need ReadOnlyAccess, and secretsmanager:GetSecretValue on totogi-notifications/<stage>/* unless totogi-keys is skipped.',
  ],
  examples: [
    'npm run doctor',
    'npm run doctor -- --stage prod --region eu-west-1',
    'npm run doctor -- --stage prod --only email-account,sms-account --json',
  ],
  exitCodes: { 0: 'no faults', 1: 'at least one fault', 2: 'no faults, but a check could not run; or wrong options' },
});

export function doctorArguments({ only, skip, ...given }: Values<typeof doctorCommand.options>): DoctorArguments {
  const isLocal = given.stage === LOCAL_STAGE;
  return {
    ...given,
    endpoint: given.endpoint ?? (isLocal ? localEndpoint() : undefined),
    totogiUrl: given.totogiUrl ?? (isLocal ? `${localService()}/local/totogi` : undefined),
    checks: CHECKS.filter(({ name }) => (only.length === 0 || only.includes(name)) && !skip.includes(name)),
  };
}
