import { DescribeLogGroupsCommand, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { isAllowed, readPolicy } from '../policy.ts';

/** As appendix B of Totogi's guide has them. */
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const SERVICES = ['delivery.logs.amazonaws.com', 'events.amazonaws.com'];
const RETENTION_DAYS = '7';

export const eventLog: Check = {
  name: 'event-log',
  looksAt: 'the log groups that rules of the bus write to, their retention, and the resource policy of CloudWatch Logs',
  why: "Without a resource policy EventBridge writes nothing and says nothing (appendix B of Totogi's guide). Events hold personal data, so their log must forget.",
  run: async (setup) => {
    const groups = await groupsOfRules(setup);
    if (groups.length === 0) return [fine(setup.bus.name, 'no rule writes its events to a log')];
    const found = await Promise.all(groups.map((group) => checkGroup(setup, group)));
    return found.flat();
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

async function checkGroup(setup: Setup, group: string): Promise<Finding[]> {
  const { aws, command } = setup;
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
  const found = logGroups.find(({ logGroupName }) => logGroupName === group);
  const named = ['--log-group-name', group];
  if (!found) return [fault(group, 'a rule writes to it, and it is not there', command('logs', 'create-log-group', ...named))];
  const forgets =
    found.retentionInDays === undefined
      ? fault(group, 'keeps events for ever', command('logs', 'put-retention-policy', ...named, '--retention-in-days', RETENTION_DAYS))
      : fine(group, `keeps events for ${found.retentionInDays} days`);
  return [forgets, await checkPolicy(setup, group)];
}

async function checkPolicy({ aws, place, command }: Setup, group: string): Promise<Finding> {
  const { resourcePolicies = [] } = await aws.logs.send(new DescribeResourcePoliciesCommand({}));
  const statements = resourcePolicies.flatMap(({ policyDocument }) => readPolicy(policyDocument));
  const { partition, region, accountId } = place;
  const resource = `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:log-stream:any`;
  const missing = ACTIONS.filter((action) => !isAllowed(statements, { service: 'events.amazonaws.com', action, resource }));
  if (missing.length === 0) return fine(group, 'EventBridge may write to it');
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrustEventsToStoreLogEvent',
        Effect: 'Allow',
        Principal: { Service: SERVICES },
        Action: ACTIONS,
        Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:${group.startsWith('/aws/events/') ? '/aws/events/*' : group}:*`,
      },
    ],
  };
  const policy = ['--policy-name', 'TrustEventsToStoreLogEvent', '--policy-document', JSON.stringify(document)];
  const count = `the Region has ${resourcePolicies.length}, and takes ten`;
  const says = `EventBridge may not write to it: no resource policy allows ${missing.join(' and ')} (${count})`;
  return fault(group, says, command('logs', 'put-resource-policy', ...policy));
}
