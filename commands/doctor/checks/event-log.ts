import { DescribeLogGroupsCommand, DescribeResourcePoliciesCommand, type ResourcePolicy } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { statementsAllowing } from '../policy-statements.ts';

/** From appendix B of Totogi's guide. */
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const SERVICES = ['delivery.logs.amazonaws.com', 'events.amazonaws.com'];
const RETENTION_DAYS = '7';
/** Our own: a policy replaces the one with the same name. */
const POLICY = 'totogi-notifications-event-log';

export const eventLog: Check = {
  name: 'event-log',
  looksAt: 'the log groups that rules of the bus write to: retention, and the resource policy of CloudWatch Logs',
  why: "Without a resource policy EventBridge writes nothing, without an error (appendix B of Totogi's guide). Events hold personal data, so their log must expire.",
  run: async (setup) => {
    const groups = await groupsOfRules(setup);
    if (groups.length === 0) return [fine(setup.bus.name, 'no rule writes its events to a log')];
    const { resourcePolicies = [] } = await setup.aws.logs.send(new DescribeResourcePoliciesCommand({}));
    const found = await Promise.all(groups.map((group) => checkGroup(setup, group)));
    return [...found.flat(), ...checkPolicies(setup, groups, resourcePolicies)];
  },
};

async function groupsOfRules({ aws, bus }: Setup): Promise<string[]> {
  const listed = await unlessMissing(aws.events.send(new ListRulesCommand({ EventBusName: bus.name })));
  const targets = await Promise.all(
    (listed?.Rules ?? []).map(({ Name }) => aws.events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName: bus.name }))),
  );
  const arns = targets.flatMap(({ Targets = [] }) => Targets.map(({ Arn = '' }) => Arn));
  return [...new Set(arns.flatMap((arn) => /:log-group:([^:]+)/.exec(arn)?.[1] ?? []))];
}

async function checkGroup({ aws, command }: Setup, group: string): Promise<Finding[]> {
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
  const found = logGroups.find(({ logGroupName }) => logGroupName === group);
  const named = ['--log-group-name', group];
  if (!found) return [fault(group, 'a rule writes to it, but it does not exist', command('logs', 'create-log-group', ...named))];
  if (found.retentionInDays !== undefined) return [fine(group, `keeps events for ${found.retentionInDays} days`)];
  return [fault(group, 'keeps events forever', command('logs', 'put-retention-policy', ...named, '--retention-in-days', RETENTION_DAYS))];
}

function checkPolicies(setup: Setup, groups: string[], policies: ResourcePolicy[]): Finding[] {
  const allowed = policies
    .flatMap(({ policyDocument }) => statementsAllowing('logs:PutLogEvents', policyDocument))
    .filter(({ Principal }) => Principal?.Service.some((service) => service === 'events.amazonaws.com' || service === '*'))
    .flatMap(({ Resource }) => Resource);
  // Without its wildcards: a pattern that begins with the group is for the group.
  const isAllowed = (group: string) => allowed.some((resource) => `${groupArn(setup, group)}:`.startsWith(resource.split('*')[0] ?? ''));
  return groups.map((group) =>
    isAllowed(group)
      ? fine(group, 'EventBridge may write to it')
      : fault(group, 'no resource policy lets EventBridge write to it', allowWriting(setup, groups)),
  );
}

/** One command for all groups. */
function allowWriting(setup: Setup, groups: string[]): string {
  const Resource = groups.map((group) => `${groupArn(setup, group)}:*`);
  const statement = { Effect: 'Allow', Principal: { Service: SERVICES }, Action: ACTIONS, Resource };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return setup.command('logs', 'put-resource-policy', '--policy-name', POLICY, '--policy-document', document);
}

function groupArn({ location: { partition, region, accountId } }: Setup, group: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${group}`;
}
