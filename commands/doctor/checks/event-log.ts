import { DescribeLogGroupsCommand, DescribeResourcePoliciesCommand, type ResourcePolicy } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { isAllowed, parsePolicy } from '../policy.ts';
import { withStatement } from '../policy-text.ts';

/** From appendix B of Totogi's guide. */
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const SERVICES = ['delivery.logs.amazonaws.com', 'events.amazonaws.com'];
const RETENTION_DAYS = '7';
/** AWS's limit of resource policies per account and Region. */
const MAX_POLICIES = 10;
const OF_EVENTS = '/aws/events/';

export const eventLog: Check = {
  name: 'event-log',
  looksAt: 'the log groups that rules of the bus write to, their retention, and the resource policy of CloudWatch Logs',
  why: "Without a resource policy EventBridge writes nothing and says nothing (appendix B of Totogi's guide). Events hold personal data, so their log must forget.",
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
  if (!found) return [fault(group, 'a rule writes to it, and it is not there', command('logs', 'create-log-group', ...named))];
  if (found.retentionInDays !== undefined) return [fine(group, `keeps events for ${found.retentionInDays} days`)];
  return [fault(group, 'keeps events for ever', command('logs', 'put-retention-policy', ...named, '--retention-in-days', RETENTION_DAYS))];
}

function checkPolicies(setup: Setup, groups: string[], policies: ResourcePolicy[]): Finding[] {
  const statements = policies.flatMap(({ policyDocument }) => parsePolicy(policyDocument));
  const missing = (group: string) => {
    const resource = `${groupArn(setup, group)}:log-stream:any`;
    return ACTIONS.filter((action) => !isAllowed(statements, { service: 'events.amazonaws.com', action, resource }));
  };
  const refused = groups.filter((group) => missing(group).length > 0);
  const count = `the Region has ${policies.length}, and takes ${policies.length >= MAX_POLICIES ? 'no more' : 'ten'}`;
  return groups.map((group) => {
    if (!refused.includes(group)) return fine(group, 'EventBridge may write to it');
    const detail = `EventBridge may not write to it: no resource policy allows ${missing(group).join(' and ')} (${count})`;
    return fault(group, detail, letWrite(setup, refused, policies));
  });
}

/** One command for all groups, so that none undoes another: a new policy or, at the Region's limit, the shortest one extended. */
function letWrite(setup: Setup, groups: string[], policies: ResourcePolicy[]): string {
  const isFull = policies.length >= MAX_POLICIES;
  const [shortest] = policies.toSorted((a, b) => (a.policyDocument?.length ?? 0) - (b.policyDocument?.length ?? 0));
  const extended = isFull ? shortest : undefined;
  const resources = [...new Set(groups.map((group) => `${groupArn(setup, group.startsWith(OF_EVENTS) ? `${OF_EVENTS}*` : group)}:*`))];
  const sids = parsePolicy(extended?.policyDocument).map(({ Sid = '' }) => Sid);
  const document = withStatement(extended?.policyDocument, {
    Sid: freeName(sids),
    Effect: 'Allow',
    Principal: { Service: SERVICES },
    Action: ACTIONS,
    Resource: resources.length === 1 ? resources[0] : resources,
  });
  const name = extended?.policyName ?? freeName(policies.map(({ policyName = '' }) => policyName));
  return setup.command('logs', 'put-resource-policy', '--policy-name', name, '--policy-document', document);
}

/** The name from appendix B, with a number if it is taken: a new policy replaces one with the same name. */
function freeName(taken: string[]): string {
  const name = 'TrustEventsToStoreLogEvent';
  let number = 2;
  if (!taken.includes(name)) return name;
  while (taken.includes(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}

function groupArn({ location: { partition, region, accountId } }: Setup, group: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${group}`;
}
