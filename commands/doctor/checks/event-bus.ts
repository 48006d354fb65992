import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { accountOf, isAllowed, type PolicyStatement, readPolicy } from '../policy.ts';

export const eventBus: Check = {
  name: 'event-bus',
  looksAt: 'the bus and its policy',
  why: 'Totogi sends from its own accounts, and EventBridge refuses what the policy of the bus does not allow. Anybody else who may put events may send texts.',
  run: async (setup) => {
    const { aws, bus, totogiAccounts } = setup;
    const found = await unlessMissing(aws.events.send(new DescribeEventBusCommand({ Name: bus.name })));
    if (!found) return [fault(bus.name, 'there is no such bus', deployBus(setup))];
    const statements = readPolicy(found.Policy);
    return [...totogiAccounts.map((account) => admitted(setup, statements, account)), ...strangers(setup, statements)];
  },
};

function deployBus({ bus, command }: Setup): string {
  const named = bus.name === 'totogi-notifications' ? [] : ['--parameter-overrides', `EventBusName=${bus.name}`];
  const template = ['--template-file', 'cloudformation/event-bus.yml'];
  return command('cloudformation', 'deploy', '--stack-name', 'totogi-event-bus', ...template, ...named);
}

function admitted({ bus, command }: Setup, statements: PolicyStatement[], account: string): Finding {
  if (isAllowed(statements, { account, action: 'events:PutEvents', resource: bus.arn })) {
    return fine(bus.name, `takes events of Totogi's account ${account}`);
  }
  const grant = ['--action', 'events:PutEvents', '--principal', account, '--statement-id', `totogi-${account}`];
  const says = `Totogi's account ${account} may not put events`;
  return fault(bus.name, says, command('events', 'put-permission', '--event-bus-name', bus.name, ...grant));
}

function strangers({ bus, place, totogiAccounts, command }: Setup, statements: PolicyStatement[]): Finding[] {
  const known = new Set([...totogiAccounts, place.accountId]);
  const isStranger = (principal: string) => !known.has(accountOf(principal) ?? '');
  return statements
    .filter(({ Effect, Principal }) => Effect === 'Allow' && Principal?.AWS.some(isStranger))
    .map(({ Sid = '', Principal }) => {
      const who = Principal?.AWS.filter(isStranger).join(', ');
      const mend = command('events', 'remove-permission', '--event-bus-name', bus.name, '--statement-id', Sid);
      return fault(bus.name, `${who} may put events too (statement ${Sid})`, mend);
    });
}
