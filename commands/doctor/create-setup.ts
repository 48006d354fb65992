import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { faultLine, isError } from '../../tooling/configuration/fault.ts';
import { readConfiguration } from '../../tooling/configuration/read-configuration.ts';
import { LOCAL_STAGE, localService } from '../local-endpoint.ts';
import type { DoctorArguments } from './arguments.ts';
import { type AwsClients, createAwsClients } from './aws-clients.ts';
import { awsCommand, deployCommand, publishCommand } from './aws-command.ts';
import { CannotCheck } from './aws-errors.ts';
import { type AwsLocation, DEFAULT_BUS, DEFAULT_TOTOGI_ACCOUNTS, type Setup } from './check.ts';
import { readStack } from './stack.ts';

const ANSWER_MILLISECONDS = 30_000;
/** The account that emulators without accounts use. */
const EMULATED_ACCOUNT = '000000000000';

type SetupOptions = Omit<DoctorArguments, 'checks' | 'json'>;

/** @throws the SDK's error if AWS does not confirm the credentials: then nothing can be checked. */
export async function createSetup(from: SetupOptions): Promise<Setup> {
  const { stage, region, endpoint, bus, totogiAccounts, totogiUrl, directory } = from;
  const aws = createAwsClients({ region, endpoint });
  const location = await findAwsLocation(aws, from);
  const prefix = `totogi-notifications-${stage}`;
  const busArn = `arn:${location.partition}:events:${region}:${location.accountId}:event-bus/${bus}`;
  const stack = readOnce(() => readStack(aws.cloudformation, prefix));
  return {
    aws,
    location,
    stage,
    prefix,
    stack,
    bus: { name: bus, arn: busArn },
    totogiAccounts,
    totogiUrl,
    tenants: () => readTenants(directory),
    api: () => findApi(stage, stack),
    command: (...words) => awsCommand({ region, endpoint }, words),
    deploy: (...parameters) => deployCommand({ stage, region, endpoint }, [...otherThanDefault(from, busArn), ...parameters]),
    publish: () => publishCommand({ stage, region, endpoint }),
    serviceTime: () => readTime(endpoint ?? serviceAddress(region)),
    now: () => Date.now(),
  };
}

function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

/** Only parameters that differ from the templates' defaults. */
function otherThanDefault({ bus, totogiAccounts }: SetupOptions, busArn: string): string[] {
  const accounts = totogiAccounts.join(',');
  return [
    ...(bus === DEFAULT_BUS ? [] : [`eventBusArn=${busArn}`]),
    ...(accounts === DEFAULT_TOTOGI_ACCOUNTS.join(',') ? [] : [`totogiAccounts=${accounts}`]),
  ];
}

async function findAwsLocation(aws: AwsClients, { region, endpoint }: SetupOptions): Promise<AwsLocation> {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const asked = aws.sts.send(new GetCallerIdentityCommand({}));
  // An emulator may not know accounts. If nothing answers at all, the checks report it.
  const { Account } = endpoint === undefined ? await asked : await asked.catch(() => ({ Account: undefined }));
  return { region, partition, accountId: Account ?? EMULATED_ACCOUNT };
}

function serviceAddress(region: string): string {
  return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
}

async function findApi(stage: string, stack: Setup['stack']): Promise<string> {
  if (stage === LOCAL_STAGE) return localService();
  const read = await stack();
  return (read.state === 'there' && read.outputs.HttpApiUrl) || '<HttpApiUrl>';
}

/** Any response will do, also a refusal: all have the time. */
async function readTime(address: string): Promise<number> {
  const reply = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MILLISECONDS) }).catch((error) => {
    throw new CannotCheck(`no answer from ${address}`, { cause: error });
  });
  const date = reply.headers.get('date');
  if (date === null) throw new CannotCheck(`${address} answers without a Date header`);
  return Date.parse(date);
}

function readTenants(directory: string) {
  const { published, faults } = readConfiguration(directory, 'any');
  const first = faults.find(isError);
  if (first) throw new CannotCheck(`the configuration has errors (npm run config:check shows them all): ${faultLine(first)}`);
  return published.map(({ configuration }) => configuration);
}
