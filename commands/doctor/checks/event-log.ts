import { DescribeLogGroupsCommand, DescribeResourcePoliciesCommand, PolicyScope } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { statementsAllowing } from '../policy-statements.ts';

/** From appendix B of Totogi's guide. */
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const SERVICES = ['delivery.logs.amazonaws.com', 'events.amazonaws.com'];
const RETENTION_DAYS = '7';

export const eventLog: Check = {
  name: 'event-log',
  looksAt: 'the log groups that rules of the bus write to: retention, and the resource policies that let EventBridge write',
  why: "Without a resource policy EventBridge writes nothing, without an error (appendix B of Totogi's guide). Events hold personal data, so their log must expire.",
  run: async (setup) => {
    const groups = await groupsOfRules(setup);
    if (groups.length === 0) return [fine(setup.bus.name, 'no rule writes its events to a log')];
    const ofAccount = await policies(setup, { policyScope: PolicyScope.ACCOUNT });
    const check = async (group: string) => [...(await checkGroup(setup, group)), await checkPolicies(setup, group, ofAccount)];
    return (await Promise.all(groups.map(check))).flat();
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

/** A log group has one policy of its own, beside those of the account. */
async function checkPolicies(setup: Setup, group: string, ofAccount: string[]): Promise<Finding> {
  const arn = groupArn(setup, group);
  const ofGroup = await policies(setup, { policyScope: PolicyScope.RESOURCE, resourceArn: arn });
  // Without its wildcards: a pattern that begins with the group is for the group.
  const isAllowed = [...ofAccount, ...ofGroup]
    .flatMap((document) => statementsAllowing('logs:PutLogEvents', document))
    .filter(({ Principal }) => Principal?.Service.some((service) => service === 'events.amazonaws.com' || service === '*'))
    .some(({ Resource }) => Resource.some((resource) => `${arn}:`.startsWith(resource.split('*')[0] ?? '')));
  if (isAllowed) return fine(group, 'EventBridge may write to it');
  return fault(group, 'no resource policy lets EventBridge write to it', allowWriting(setup, arn));
}

async function policies({ aws }: Setup, scope: { policyScope: PolicyScope; resourceArn?: string }): Promise<string[]> {
  const { resourcePolicies = [] } = await aws.logs.send(new DescribeResourcePoliciesCommand(scope));
  return resourcePolicies.flatMap(({ policyDocument }) => policyDocument ?? []);
}

function allowWriting(setup: Setup, arn: string): string {
  const statement = { Effect: 'Allow', Principal: { Service: SERVICES }, Action: ACTIONS, Resource: `${arn}:*` };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return setup.command('logs', 'put-resource-policy', '--resource-arn', arn, '--policy-document', document);
}

function groupArn({ location: { partition, region, accountId } }: Setup, group: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${group}`;
}
