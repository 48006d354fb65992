import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { doctorArguments, doctorCommand } from '../../commands/doctor/arguments.ts';
import type { Setup } from '../../commands/doctor/check.ts';
import { CHECKS } from '../../commands/doctor/checks.ts';
import { createSetup } from '../../commands/doctor/create-setup.ts';
import { type Reported, runChecks } from '../../commands/doctor/run-checks.ts';
import { parseCommandLine } from '../../tooling/command-line/parse-command-line.ts';
import { type AwsAnswers, startAwsStandIn } from '../builders/aws-stand-in.ts';
import { type ConfigurationFolder, copyConfiguration } from '../builders/configuration-folder.ts';
import { FAULTS } from './doctor/faults.ts';
import { MISSING_PARTS, NO_STACK, withoutQueue } from './doctor/missing-parts.ts';
import { SMS_FAULTS } from './doctor/sms-faults.ts';
import { soundAccount } from './doctor/sound-account.ts';

let folder: ConfigurationFolder;
let aws: Awaited<ReturnType<typeof startAwsStandIn>>;
let answers: AwsAnswers;

beforeAll(async () => {
  folder = copyConfiguration();
  folder.write('tenants/mvno-aurora.yml', 'tenant: mvno-aurora\nname: Aurora Mobile\n');
  folder.write(
    'operations/mvno-aurora.yml',
    'tenant: mvno-aurora\ncountry: US\ntotogi: { region: us-east-1 }\nemail:\n  from: { service: Aurora <care@aurora.example> }\n  configurationSets: { service: aurora-service }\nsms: { numbers: [{ number: "+14155550100", country: US }] }\n',
  );
  aws = await startAwsStandIn(() => answers);
});
beforeEach(() => {
  answers = soundAccount();
});
afterAll(async () => {
  folder.remove();
  await aws.close();
});

const PREFIX = 'totogi-notifications-test';
const AT = () => ` --region us-east-1 --endpoint-url ${aws.url}`;

/** A command with the Region and the address that it goes to: at `{at}` and `{url}`, or at the end of one that has neither. */
function filled(remedy: string): string {
  const isBare = remedy.startsWith('aws ') && !remedy.includes('{at}');
  return (isBare ? `${remedy}{at}` : remedy).replaceAll('{at}', AT()).replaceAll('{url}', aws.url);
}

async function look(name: string, instead: Partial<Setup> = {}): Promise<Reported[]> {
  const setup = await createSetup({
    stage: 'test',
    region: 'us-east-1',
    endpoint: aws.url,
    bus: 'totogi-notifications',
    totogiAccounts: ['266643203619', '799148289882'],
    totogiUrl: `${aws.url}/totogi`,
    directory: folder.directory,
  });
  return runChecks(
    CHECKS.filter((check) => check.name === name),
    { ...setup, ...instead },
  );
}

async function faultsOf(name: string): Promise<{ about: string; detail: string; remedy: string }[]> {
  const found = await look(name);
  return found.flatMap((finding) =>
    finding.state === 'fault' ? [{ about: finding.about, detail: finding.detail, remedy: finding.remedy }] : [],
  );
}

function doctor(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const stands = ['--directory', folder.directory, '--totogi-url', `${aws.url}/totogi`];
    execFile(process.execPath, ['commands/doctor.ts', ...args, ...stands], (error, stdout, stderr) =>
      done({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

describe('npm run doctor', () => {
  test('finds nothing wrong with a sound account, and answers 0', async () => {
    const { status, stdout, stderr } = await doctor('--stage', 'test', '--endpoint', aws.url, '--json');
    const { account, counts, findings } = JSON.parse(stdout);
    expect({ status, stderr, account }).toEqual({ status: 0, stderr: '', account: '111122223333' });
    expect(counts).toMatchObject({ fault: 0, unchecked: 0 });
    expect([...new Set(findings.map(({ check }: Reported) => check))]).toEqual(CHECKS.map(({ name }) => name));
  });

  test('tells what is wrong, why that matters and what fixes it, and answers 1', async () => {
    answers.GetSMSSandboxAccountStatus = () => ({ error: 'AuthorizationError', message: 'not for you' });
    withoutQueue('rule')(answers);
    answers.DescribeStacks = NO_STACK;
    const { status, stdout } = await doctor('--stage', 'test', '--endpoint', aws.url, '--only', 'dead-letters,sms-account');
    expect(status).toBe(1);
    expect(stdout).toContain(`FAULT     dead-letters: ${PREFIX}-rule-dead-letters: there is no such queue\n`);
    expect(stdout).toMatch(
      /\n {12}why: {2}Each dead letter[^\n]+\n {12}fix: AWS_ENDPOINT_URL=\S+ npm run deploy -- --stage test --region us-east-1 # add --param for each/,
    );
    expect(stdout).toContain('unchecked sms-account: not checked: AWS denies these credentials access: not for you\n');
    expect(stdout).toMatch(/\n7 fine, 1 fault, 1 unchecked\n$/);
  });

  test('answers 2 where something could not be looked at, and names it', async () => {
    delete answers['GET /v2/email/account'];
    const { status, stdout } = await doctor('--stage', 'test', '--endpoint', aws.url, '--skip', 'clock');
    expect(status).toBe(2);
    expect(stdout).toContain('unchecked email-account: not checked: the endpoint does not support this');
    expect(stdout).not.toContain('clock');
  });

  test.each([
    [['--stage', 'dev-x'], '--stage takes 1 to 12 lower-case letters and digits, such as "dev2", not "dev-x"'],
    [['--totogi-url', 'nowhere'], '--totogi-url takes an http or https URL'],
    [['--only', 'clocks'], '"clocks". Did you mean "clock"?'],
    [['--totogi-accounts', 'x'], '--totogi-accounts takes account IDs of 12 digits, not "x"'],
  ])('rejects %j', (args, message) => {
    expect(() => parseCommandLine(doctorCommand, args)).toThrow(message);
  });

  test('answers 2 to wrong options', async () => {
    const { status, stderr } = await doctor('--only', 'moon');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^--only takes one of clock, .* not "moon"/) });
  });

  test('answers 0 of the local service, and names what that has no stand-in for', async () => {
    const { status, stdout } = await doctor('--endpoint', aws.url, '--only', 'clock,event-bus');
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('Stage local,') });
    delete answers.DescribeEventBus;
    const without = await doctor('--endpoint', aws.url, '--only', 'clock,event-bus');
    expect(without).toMatchObject({ status: 0, stderr: '' });
    expect(without.stdout).toContain('absent    event-bus: not checked: the local service has none\n');
    expect(without.stdout).toMatch(/\n1 fine, 0 fault, 0 unchecked, 1 absent\n$/);
  });

  test('lists its checks on --help', async () => {
    const { status, stdout } = await doctor('--help');
    expect(status).toBe(0);
    for (const { name } of CHECKS) expect(stdout).toContain(`\n    ${name} `);
  });
});

describe('a check', () => {
  test.each([...FAULTS, ...MISSING_PARTS, ...SMS_FAULTS])('$check: $detail', async ({ check, change, about, detail, remedy }) => {
    change(answers);
    expect(await faultsOf(check)).toEqual([{ about, detail, remedy: filled(remedy) }]);
  });

  test('that the SMS sandbox ends leads to the console, since no command does it', async () => {
    answers.GetSMSSandboxAccountStatus = () => ({ xml: '<IsInSandbox>true</IsInSandbox>' });
    expect(await faultsOf('sms-account')).toEqual([
      expect.objectContaining({ remedy: expect.stringContaining('# "Exit SMS sandbox" at https://') }),
    ]);
  });

  test('of the clock sees a drift of more than a minute', async () => {
    const found = await look('clock', { serviceTime: async () => 1_000_000, now: () => 1_090_000 });
    expect(found).toEqual([expect.objectContaining({ state: 'fault', detail: '90 s ahead' })]);
  });

  test('of keys says nothing where Totogi is not reached, and nothing of what the secret holds', async () => {
    const [found] = await look('totogi-keys', { totogiUrl: 'http://127.0.0.1:9' });
    expect(found).toMatchObject({
      state: 'unchecked',
      detail: expect.stringContaining('http://127.0.0.1:9/oauth2/token cannot be reached'),
    });
    expect(JSON.stringify(found)).not.toContain('the-key');
  });

  test('takes a log that is left out for what somebody wanted', async () => {
    answers.ListRules = () => ({ json: { Rules: [] } });
    expect(await look('event-log')).toEqual([expect.objectContaining({ state: 'fine', detail: 'no rule writes its events to a log' })]);
  });
});

test('commands name the bus and the accounts that doctor was told of', async () => {
  const argv = `--stage test --region eu-west-1 --endpoint ${aws.url} --bus ours --totogi-accounts 777788889999`;
  const values = parseCommandLine(doctorCommand, argv.split(' '));
  if (values === 'help') throw new Error('These are no options for help.');
  const { checks, json, ...chosen } = doctorArguments(values);
  expect({ json, count: checks.length }).toEqual({ json: false, count: CHECKS.length });
  answers.DescribeStacks = NO_STACK;
  answers.DescribeEventBus = () => ({ error: 'ResourceNotFoundException' });
  answers.DescribeRule = () => ({ error: 'ResourceNotFoundException' });
  const found = await runChecks(
    CHECKS.filter(({ name }) => name === 'event-bus' || name === 'rules'),
    await createSetup({ ...chosen, directory: folder.directory }),
  );
  expect(found.slice(0, 2).map((finding) => ('remedy' in finding ? finding.remedy : finding))).toEqual([
    `aws cloudformation deploy --stack-name totogi-event-bus --template-file cloudformation/event-bus.yml --parameter-overrides EventBusName=ours TotogiAccounts=777788889999 --region eu-west-1 --endpoint-url ${aws.url}`,
    expect.stringContaining(
      'npm run deploy -- --stage test --region eu-west-1 --param=eventBusArn=arn:aws:events:eu-west-1:111122223333:event-bus/ours --param=totogiAccounts=777788889999 # add',
    ),
  ]);
});
