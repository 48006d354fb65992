import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseDoctorArguments } from '../../commands/doctor/arguments.ts';
import type { Setup } from '../../commands/doctor/check.ts';
import { CHECKS } from '../../commands/doctor/checks.ts';
import { createSetup } from '../../commands/doctor/create-setup.ts';
import { type Reported, runChecks } from '../../commands/doctor/run-checks.ts';
import { type AwsAnswers, startAwsStandIn } from '../builders/aws-stand-in.ts';
import { type ConfigurationFolder, copyConfiguration } from '../builders/configuration-folder.ts';
import { FAULTS, ofQueue } from './doctor/faults.ts';
import { KEYS, useKey } from './doctor/keys.ts';
import { MISSING_PARTS, NO_STACK } from './doctor/missing-parts.ts';
import { LOG_GROUPS, SENDER_FAULTS } from './doctor/sender-faults.ts';
import { soundAccount } from './doctor/sound-account.ts';

let folder: ConfigurationFolder;
let aws: Awaited<ReturnType<typeof startAwsStandIn>>;
let answers: AwsAnswers;

beforeAll(async () => {
  folder = copyConfiguration();
  folder.write('tenants/mvno-aurora.yml', 'tenant: mvno-aurora\nname: Aurora Mobile\n');
  folder.write(
    'operations/mvno-aurora.yml',
    'tenant: mvno-aurora\ncountry: US\ntotogi: { region: us-east-1 }\nemail:\n  from: { service: Aurora <care@aurora.example> }\n  configurationSets: { service: aurora-service }\n',
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
    json: false,
    checks: CHECKS,
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
    answers.GetQueueUrl = () => ({ error: 'QueueDoesNotExist' });
    answers.DescribeStacks = NO_STACK;
    const { status, stdout } = await doctor('--stage', 'test', '--endpoint', aws.url, '--only', 'queues,sms-account');
    expect(status).toBe(1);
    expect(stdout).toContain(`FAULT     queues: ${PREFIX}: none of the stack's queues is there\n`);
    expect(stdout).toMatch(
      /\n {12}why: {2}A queue that gives up early[^\n]+\n {12}fix: AWS_ENDPOINT_URL=\S+ npm run deploy -- --stage test --region us-east-1 # with --param for each/,
    );
    expect(stdout).toContain('unchecked sms-account: not checked: AWS does not let these credentials look: not for you\n');
    expect(stdout).toMatch(/\n0 fine, 1 fault, 1 unchecked\n$/);
  });

  test('answers 2 where something could not be looked at, and names it', async () => {
    delete answers['GET /v2/email/account'];
    const { status, stdout } = await doctor('--stage', 'test', '--endpoint', aws.url, '--skip', 'clock');
    expect(status).toBe(2);
    expect(stdout).toContain('unchecked email-account: not checked: the endpoint does not serve this');
    expect(stdout).not.toContain('clock');
  });

  test.each([
    [['--stage'], /stage/],
    [['--stage', 'dev-x'], /1 to 12 lower-case letters and digits, not "dev-x"/],
    [['--totogi-url', 'nowhere'], /--totogi-url must be an address/],
    [['--stage', 'test', '--only', 'moon'], /no check "moon"; there are clock/],
    [['--stage', 'test', '--totogi-accounts', 'x'], /12 digits/],
    [['--stage', 'test', '--endpoint', 'nowhere'], /--endpoint must be an address/],
  ])('refuses %j in words', (args, words) => {
    expect(() => parseDoctorArguments(args)).toThrow(words);
  });

  test('answers 2 to wrong options', async () => {
    const { status, stderr } = await doctor('--only', 'moon');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^There is no check "moon"/) });
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
    for (const { name, looksAt } of CHECKS) expect(stdout).toContain(`${name.padEnd(20)}${looksAt}`);
  });
});

describe('a check', () => {
  test.each([...FAULTS, ...MISSING_PARTS, ...SENDER_FAULTS])('$check: $says', async ({ check, change, about, detail, remedy }) => {
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
    expect(found).toMatchObject({ state: 'unchecked', detail: expect.stringContaining('http://127.0.0.1:9/oauth2/token was not reached') });
    expect(JSON.stringify(found)).not.toContain('the-key');
  });

  test('takes a log that is left out for what somebody wanted', async () => {
    answers.ListRules = () => ({ json: { Rules: [] } });
    expect(await look('event-log')).toEqual([expect.objectContaining({ state: 'fine', detail: 'no rule writes its events to a log' })]);
  });

  test('of encryption and policies looks at every queue, whoever sends there', async () => {
    const aboutOf = async (name: string) => new Set((await look(name)).map(({ about }) => about));
    const queues = await aboutOf('queues');
    const moved = ['consume-notifications-dead-letters', 'record-email-receipts-dead-letters'];
    const byFunctions = ['workflows-dead-letters', 'record-sms-receipts-dead-letters'];
    expect(await aboutOf('queue-encryption')).toEqual(queues);
    const others = [...moved, ...byFunctions].map((name) => `${PREFIX}-${name}`);
    expect(new Set([...(await aboutOf('queue-policies')), ...others])).toEqual(queues);
  });

  test('of logs names one command for all groups, which replaces no other policy', async () => {
    const { targets, groups, policies, remedy } = LOG_GROUPS;
    answers.ListTargetsByRule = () => ({ json: { Targets: targets } });
    answers.DescribeLogGroups = () => ({ json: { logGroups: groups } });
    answers.DescribeResourcePolicies = () => ({ json: { resourcePolicies: policies } });
    const found = await faultsOf('event-log');
    expect(found.map((one) => [one.about, one.remedy])).toEqual(['/ours/a', '/ours/b'].map((group) => [group, filled(remedy)]));
  });

  test.each(KEYS)('of a customer key: $title', async ({ queue, statement, state, detail }) => {
    useKey(answers, queue, statement);
    const found = (await look('queue-encryption')).find(({ about }) => about === `${PREFIX}-${queue}`);
    expect(found).toMatchObject({ state, detail });
  });

  test("of texts does not guess at the topic where the stack's parameters cannot be read", async () => {
    answers.DescribeStacks = () => ({ error: 'AccessDenied', message: 'not for you' });
    answers.ListSubscriptionsByTopic = () => ({ error: 'NotFound' });
    ofQueue('take-sms-replies', { Policy: undefined })(answers);
    expect((await look('queue-policies')).filter(({ state }) => state !== 'fine')).toEqual([
      expect.objectContaining({
        state: 'unchecked',
        about: `${PREFIX}-take-sms-replies`,
        detail: expect.stringContaining('another topic'),
      }),
    ]);
    expect(await look('sms-replies')).toEqual([
      expect.objectContaining({ state: 'unchecked', detail: expect.stringContaining('not for you') }),
    ]);
  });
});

test('commands name the bus and the accounts that doctor was told of', async () => {
  const chosen = parseDoctorArguments([
    '--stage',
    'test',
    '--region',
    'eu-west-1',
    '--endpoint',
    aws.url,
    '--bus',
    'ours',
    '--totogi-accounts',
    '777788889999',
  ]);
  if (chosen === 'help') throw new Error('These are no options for help.');
  answers.DescribeStacks = NO_STACK;
  answers.DescribeEventBus = () => ({ error: 'ResourceNotFoundException' });
  answers.DescribeRule = () => ({ error: 'ResourceNotFoundException' });
  const found = await runChecks(
    CHECKS.filter(({ name }) => name === 'event-bus' || name === 'notifications-rule'),
    await createSetup({ ...chosen, directory: folder.directory }),
  );
  expect(found.map((finding) => ('remedy' in finding ? finding.remedy : finding))).toEqual([
    `aws cloudformation deploy --stack-name totogi-event-bus --template-file cloudformation/event-bus.yml --parameter-overrides EventBusName=ours TotogiAccounts=777788889999 --region eu-west-1 --endpoint-url ${aws.url}`,
    expect.stringContaining(
      'npm run deploy -- --stage test --region eu-west-1 --param=eventBusArn=arn:aws:events:eu-west-1:111122223333:event-bus/ours --param=totogiAccounts=777788889999 # with',
    ),
  ]);
});
