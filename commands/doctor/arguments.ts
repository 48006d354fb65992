import { parseArgs } from 'node:util';
import { stageFault } from '../../tooling/command-line/stage.ts';
import { ConfigurationUsageError } from '../../tooling/configuration/usage-error.ts';
import { localEndpoint, localService } from '../local-endpoint.ts';
import { DEFAULT_BUS, DEFAULT_TOTOGI_ACCOUNTS, LOCAL_STAGE } from './check.ts';
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

const list = CHECKS.map(({ name, looksAt }) => `  ${name.padEnd(20)}${looksAt}`).join('\n');

export const USAGE = `npm run doctor -- [--stage S] [options]

Looks at a set-up, as planned or as deployed, and tells for each thing whether it is fine, what is wrong with it, and the command that fixes
it. It changes nothing.

  --stage S            the stage                                  default: local, the service that npm start runs
  --region R           default: AWS_REGION, else us-east-1
  --endpoint URL       an emulator of AWS instead of AWS       default for the stage local: npm start's
  --bus NAME           the event bus                              default: ${DEFAULT_BUS}
  --totogi-accounts A  the accounts Totogi sends from             default: ${DEFAULT_TOTOGI_ACCOUNTS}
  --totogi-url URL     a stand-in for Totogi                   default for the stage local: npm start's
  --directory D        the configuration folder                   default: config
  --only A,B           these checks alone
  --skip A,B           all but these
  --json               the findings as JSON
  --help               this text

Checks:
${list}

npm start's are where AWS_ENDPOINT_URL, AWS_PORT and PORT say that it listens, as for npm start itself.
Credentials come from the environment, as for every AWS tool. Reading is enough: ReadOnlyAccess, and secretsmanager:GetSecretValue on
totogi-notifications/<stage>/*, or --skip totogi-keys.
Exit codes: 0 all is fine, 1 something is wrong, 2 nothing is wrong and something could not be looked at, or the options are wrong.
What the local service has no stand-in for is named and is no fault.`;

/** Throws ConfigurationUsageError. */
export function parseDoctorArguments(argv: string[]): DoctorArguments | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  const fault = stageFault(values.stage);
  if (fault !== undefined) throw new ConfigurationUsageError(fault);
  const isLocal = values.stage === LOCAL_STAGE;
  const accounts = values['totogi-accounts'].split(',').map((account) => account.trim());
  if (!accounts.every((account) => /^\d{12}$/.test(account)))
    throw new ConfigurationUsageError('--totogi-accounts must be account ids of 12 digits');
  return {
    stage: values.stage,
    region: values.region ?? process.env.AWS_REGION ?? 'us-east-1',
    endpoint: addressOf('endpoint', values.endpoint ?? (isLocal ? localEndpoint() : undefined)),
    bus: values.bus,
    totogiAccounts: accounts,
    totogiUrl: addressOf('totogi-url', values['totogi-url'] ?? (isLocal ? `${localService()}/local/totogi` : undefined)),
    directory: values.directory,
    json: values.json,
    checks: chosen(values.only, values.skip),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = {
      stage: { ...text, default: LOCAL_STAGE },
      region: text,
      endpoint: text,
      bus: { ...text, default: DEFAULT_BUS },
      'totogi-accounts': { ...text, default: DEFAULT_TOTOGI_ACCOUNTS },
      'totogi-url': text,
      directory: { ...text, default: 'config' },
      only: text,
      skip: text,
      json: flag,
      help: flag,
    };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new ConfigurationUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function addressOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined || URL.canParse(text)) return text;
  throw new ConfigurationUsageError(`--${option} must be an address such as ${localEndpoint()}`);
}

function chosen(only: string | undefined, skip: string | undefined): typeof CHECKS {
  const named = (text: string) =>
    text.split(',').map((name) => {
      if (CHECKS.some((check) => check.name === name)) return name;
      throw new ConfigurationUsageError(`There is no check "${name}"; there are ${CHECKS.map((check) => check.name).join(', ')}`);
    });
  const wanted = only === undefined ? CHECKS.map(({ name }) => name) : named(only);
  const left = skip === undefined ? [] : named(skip);
  return CHECKS.filter(({ name }) => wanted.includes(name) && !left.includes(name));
}
