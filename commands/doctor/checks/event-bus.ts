import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, DEFAULT_BUS, DEFAULT_TOTOGI_ACCOUNTS, type Finding, fault, fine, type Setup } from '../check.ts';
import { statementsAllowing } from '../policy-statements.ts';
import { restoreCommand } from '../restore.ts';
import { readStack } from '../stack.ts';

/** The name that docs and template give it. */
const STACK = 'totogi-event-bus';
const ACTION = 'events:PutEvents';

export const eventBus: Check = {
  name: 'event-bus',
  looksAt: "the event bus, and whether its policy lets Totogi's accounts put events",
  why: 'Totogi sends from its own accounts, and EventBridge rejects what the policy of the bus does not allow.',
  run: async (setup) => {
    const { aws, bus, totogiAccounts } = setup;
    const found = await unlessMissing(aws.events.send(new DescribeEventBusCommand({ Name: bus.name })));
    if (!found) return [fault(bus.name, 'there is no such bus', await restoreBus(setup))];
    const principals = statementsAllowing(ACTION, found.Policy).flatMap(({ Principal }) => Principal?.AWS ?? []);
    return totogiAccounts.map((account) => checkAccount(setup, principals, account));
  },
};

async function restoreBus(setup: Setup): Promise<string> {
  const { bus, totogiAccounts, command } = setup;
  const accounts = totogiAccounts.join(',');
  const given = [
    ...(bus.name === DEFAULT_BUS ? [] : [`EventBusName=${bus.name}`]),
    ...(accounts === DEFAULT_TOTOGI_ACCOUNTS.join(',') ? [] : [`TotogiAccounts=${accounts}`]),
  ];
  const template = ['--template-file', 'cloudformation/event-bus.yml', ...(given.length === 0 ? [] : ['--parameter-overrides', ...given])];
  const deploy = command('cloudformation', 'deploy', '--stack-name', STACK, ...template);
  return restoreCommand(setup, { stackName: STACK, stack: await readStack(setup.aws.cloudformation, STACK), deploy });
}

function checkAccount({ bus, command }: Setup, principals: string[], account: string): Finding {
  const names = ['*', account, `arn:aws:iam::${account}:root`];
  if (principals.some((principal) => names.includes(principal))) return fine(bus.name, `accepts events of Totogi's account ${account}`);
  const grant = ['--action', ACTION, '--principal', account, '--statement-id', `totogi-${account}`];
  const detail = `Totogi's account ${account} may not put events`;
  return fault(bus.name, detail, command('events', 'put-permission', '--event-bus-name', bus.name, ...grant));
}
