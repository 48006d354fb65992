import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { type Check, DEFAULT_BUS, DEFAULT_TOTOGI_ACCOUNTS, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { accountIn, admits, isAllowed, type PolicyStatement, parsePolicy } from '../policy.ts';
import { withoutPrincipals, withStatement } from '../policy-text.ts';
import { readStack } from '../stack.ts';

/** The name that docs and template give it. */
const STACK = 'totogi-event-bus';
const ACTION = 'events:PutEvents';

export const eventBus: Check = {
  name: 'event-bus',
  looksAt: 'the bus and its policy',
  why: 'Totogi sends from its own accounts, and EventBridge refuses what the policy of the bus does not allow. Anybody else who may put events may send texts.',
  run: async (setup) => {
    const { aws, bus, totogiAccounts } = setup;
    const found = await unlessMissing(aws.events.send(new DescribeEventBusCommand({ Name: bus.name })));
    if (!found) return [fault(bus.name, 'there is no such bus', await makeBus(setup))];
    const statements = parsePolicy(found.Policy);
    return [...totogiAccounts.map((account) => admitted(setup, statements, account)), ...strangers(setup, found.Policy)];
  },
};

/** An existing stack does not create its bus again, and one with another bus would release that bus. */
async function makeBus(setup: Setup): Promise<string> {
  const { bus, totogiAccounts, command } = setup;
  const accounts = totogiAccounts.join(',');
  const given = [
    ...(bus.name === DEFAULT_BUS ? [] : [`EventBusName=${bus.name}`]),
    ...(accounts === DEFAULT_TOTOGI_ACCOUNTS ? [] : [`TotogiAccounts=${accounts}`]),
  ];
  const template = ['--template-file', 'cloudformation/event-bus.yml', ...(given.length === 0 ? [] : ['--parameter-overrides', ...given])];
  const deploy = command('cloudformation', 'deploy', '--stack-name', STACK, ...template);
  const again = command('events', 'create-event-bus', '--name', bus.name);
  const { state } = await readStack(setup.aws.cloudformation, STACK);
  if (state === 'absent') return deploy;
  return state === 'there' ? again : `${again} # or, if it was never deployed: ${deploy}`;
}

function admitted({ bus, command }: Setup, statements: PolicyStatement[], account: string): Finding {
  if (isAllowed(statements, { account, action: ACTION, resource: bus.arn })) {
    return fine(bus.name, `takes events of Totogi's account ${account}`);
  }
  const grant = ['--action', ACTION, '--principal', account, '--statement-id', grantId(account)];
  const detail = `Totogi's account ${account} may not put events`;
  return fault(bus.name, detail, command('events', 'put-permission', '--event-bus-name', bus.name, ...grant));
}

function grantId(account: string): string {
  return `totogi-${account}`;
}

/** One finding for all, since the remedy replaces the whole policy. */
function strangers({ bus, location: place, totogiAccounts, command }: Setup, policy: string | undefined): Finding[] {
  const known = new Set([...totogiAccounts, place.accountId]);
  const isStranger = (principal: string) => !known.has(accountIn(principal) ?? '');
  const found = parsePolicy(policy).filter((statement) => statement.Effect === 'Allow' && admits(statement, ACTION, isStranger));
  if (found.length === 0) return [];
  const who = found.map(({ Sid, Principal }) => {
    const names = Principal?.AWS.filter(isStranger).join(', ');
    return Sid === undefined ? `${names} (a statement without Sid)` : `${names} (statement ${Sid})`;
  });
  const left = withoutPrincipals(policy, ACTION, isStranger);
  const refused = totogiAccounts.filter((account) => !isAllowed(parsePolicy(left), { account, action: ACTION, resource: bus.arn }));
  const whole = refused.reduce((text, account) => {
    const root = `arn:${place.partition}:iam::${account}:root`;
    return withStatement(text, { Sid: grantId(account), Effect: 'Allow', Principal: { AWS: root }, Action: ACTION, Resource: bus.arn });
  }, left);
  return [
    fault(
      bus.name,
      `${who.join('; ')} may put events too`,
      command('events', 'put-permission', '--event-bus-name', bus.name, '--policy', whole),
    ),
  ];
}
