import { readFile } from 'node:fs/promises';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type * as z from 'zod';
import type { QueueSettings } from '../queue/settings.ts';
import { StartupFault } from '../startup-fault.ts';
import { packagedStage, templateFile } from './package-stack.ts';
import { gatewayOf, type PackagedGateway } from './packaged-gateway.ts';
import { type PackagedRole, roleOfArn, rolesOf } from './packaged-roles.ts';
import { parseShape, type Resources, resourcesOf } from './read-resources.ts';
import * as shapes from './resources.ts';
import { resolveValue, type TemplateScope } from './values.ts';

export const functionPrefix = 'totogi-notifications-local';

export type PackagedFunction = {
  key: string;
  /** Relative to the project. */
  module: string;
  role: PackagedRole;
  timeoutSeconds: number;
  durable?: { alias: string; executionTimeoutSeconds: number; retentionSeconds: number };
  /** The queue for the input of failed invocations. */
  deadLetterQueue?: string;
};
export type PackagedRoute = { routeKey: string; functionKey: string; scopes: string[]; authorized: boolean };
export type PackagedQueue = { name: string; arn: string; functionKey: string; settings: QueueSettings };
export type PackagedDeadLetterQueue = { name: string; arn: string; retentionSeconds: number; visibilityTimeoutSeconds: number };
export type PackagedRule = { name: string; pattern: Record<string, unknown>; targetArns: string[]; onDefaultBus: boolean };

export type PackagedStack = {
  functions: PackagedFunction[];
  /** Of all functions together, because they share one worker. */
  environment: Record<string, string>;
  table: CreateTableCommandInput & { TableName: string };
  rules: PackagedRule[];
  queues: PackagedQueue[];
  deadLetterQueues: PackagedDeadLetterQueue[];
  routes: PackagedRoute[];
  gateway: PackagedGateway;
  dataRoles: PackagedRole[];
};

/** `parameters` has the values that differ from the defaults. */
type StackScope = { region: string; accountId: string; parameters?: Record<string, string> };

/**
 * Reads the packaged template as a stack of the stage `local`.
 *
 * @throws StartupFault naming what it cannot read or resolve.
 */
export async function readPackagedStack(scope: StackScope): Promise<PackagedStack> {
  return stackFromTemplate(await readFile(templateFile, 'utf8'), scope);
}

/** Replaces the packaged stage in names by `local`. */
export function stackFromTemplate(text: string, { region, accountId, parameters = {} }: StackScope): PackagedStack {
  const renamed = text
    .replaceAll(`totogi-notifications-${packagedStage}`, functionPrefix)
    .replaceAll(`totogi-notifications/${packagedStage}/`, 'totogi-notifications/local/');
  const template = parseShape(shapes.Template, JSON.parse(renamed), 'The packaged template');
  const resources = resourcesOf({
    parameters: withValues(template.Parameters, parameters),
    resources: template.Resources,
    conditions: template.Conditions,
    region,
    accountId,
  });
  const functions = resources.of('AWS::Lambda::Function', shapes.LambdaFunction).filter(({ properties }) => ownModule(properties.Handler));
  return {
    functions: functions.map(({ properties }) => functionOf(properties, resources)),
    environment: { ...commonEnvironment(functions.map(({ properties }) => properties)), STAGE: 'local' },
    table: tableOf(resources),
    rules: rulesOf(resources),
    queues: queuesOf(resources),
    deadLetterQueues: deadLetterQueuesOf(resources),
    routes: routesOf(resources),
    gateway: gatewayOf(resources),
    dataRoles: rolesOf(resources.scope),
  };
}

function withValues(parameters: TemplateScope['parameters'], values: Record<string, string>): TemplateScope['parameters'] {
  const given = Object.entries(values).map(([name, value]) => [name, { Type: 'String', ...parameters[name], Default: value }]);
  return { ...parameters, ...Object.fromEntries(given) };
}

function ownModule(handler: string): boolean {
  return /^src\/(handlers\/[a-z0-9-]+|workflows\/[a-z0-9-]+\/function)\.handler$/.test(handler);
}

/** Maps `totogi-notifications-local-lookup-api`, or an ARN with it, to `lookup-api`. */
function keyOf(functionNameOrArn: string): string {
  const [, key] = new RegExp(`(?:^|:)${functionPrefix}-([a-z0-9-]+)(?::|$)`).exec(functionNameOrArn) ?? [];
  if (key === undefined)
    throw new StartupFault(`The packaged template names the function ${functionNameOrArn}; names begin with ${functionPrefix}-.`);
  return key;
}

function functionOf(properties: z.infer<typeof shapes.LambdaFunction>, resources: Resources): PackagedFunction {
  const key = keyOf(properties.FunctionName);
  const described = {
    key,
    module: `${properties.Handler.replace(/\.handler$/, '')}.ts`,
    role: roleOfArn(properties.Role, resources.scope),
    timeoutSeconds: properties.Timeout,
    ...(properties.DeadLetterConfig ? { deadLetterQueue: nameOfQueue(properties.DeadLetterConfig.TargetArn) } : {}),
  };
  if (properties.DurableConfig === undefined) return described;
  const aliases = resources.of('AWS::Lambda::Alias', shapes.FunctionAlias).filter((alias) => keyOf(alias.properties.FunctionName) === key);
  const [alias] = aliases;
  if (alias === undefined) throw new StartupFault(`The durable function ${key} of the packaged template has no alias.`);
  const { ExecutionTimeout: executionTimeoutSeconds, RetentionPeriodInDays } = properties.DurableConfig;
  return {
    ...described,
    durable: { alias: alias.properties.Name, executionTimeoutSeconds, retentionSeconds: RetentionPeriodInDays * 86_400 },
  };
}

function commonEnvironment(functions: z.infer<typeof shapes.LambdaFunction>[]): Record<string, string> {
  const common = new Map<string, string>();
  for (const [name, value] of functions.flatMap((properties) => Object.entries(properties.Environment.Variables))) {
    const other = common.get(name) ?? value;
    if (other !== value)
      throw new StartupFault(
        `The functions share one environment here, and ${name} is both "${other}" and "${value}" in the packaged template.`,
      );
    common.set(name, value);
  }
  return Object.fromEntries(common);
}

function tableOf(resources: Resources): PackagedStack['table'] {
  const [table, ...others] = resources.of('AWS::DynamoDB::Table', shapes.Table);
  if (table === undefined || others.length > 0) throw new StartupFault('The packaged template must hold exactly one AWS::DynamoDB::Table.');
  return table.properties as PackagedStack['table'];
}

function rulesOf(resources: Resources): PackagedRule[] {
  return resources.of('AWS::Events::Rule', shapes.EventRule).map(({ logicalId, properties }) => ({
    name: properties.Name ?? logicalId,
    pattern: properties.EventPattern,
    targetArns: properties.Targets.map((target) => target.Arn),
    onDefaultBus: properties.EventBusName === undefined,
  }));
}

function queuesOf(resources: Resources): PackagedQueue[] {
  const queues = resources.of('AWS::SQS::Queue', shapes.Queue);
  return resources.of('AWS::Lambda::EventSourceMapping', shapes.EventSourceMapping).flatMap(({ properties: mapping }) =>
    queues
      .filter(({ logicalId }) => queueArn(logicalId, resources) === mapping.EventSourceArn)
      .map(({ logicalId, properties: queue }) => ({
        name: queue.QueueName ?? logicalId,
        arn: mapping.EventSourceArn,
        functionKey: keyOf(mapping.FunctionName),
        settings: {
          batchSize: mapping.BatchSize,
          maximumBatchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
          visibilityTimeoutSeconds: queue.VisibilityTimeout,
          maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
          reportBatchItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
          retentionSeconds: queue.MessageRetentionPeriod,
          ...deadLettersOf(logicalId, queue, queues),
        },
      })),
  );
}

type Queues = { logicalId: string; properties: z.infer<typeof shapes.Queue> }[];

function deadLettersOf(
  logicalId: string,
  queue: z.infer<typeof shapes.Queue>,
  queues: Queues,
): Pick<QueueSettings, 'maxReceiveCount' | 'deadLetterQueue'> {
  const { maxReceiveCount, deadLetterTargetArn } = queue.RedrivePolicy ?? {};
  const name = deadLetterTargetArn === undefined ? undefined : nameOfQueue(deadLetterTargetArn);
  const target = queues.find((candidate) => (candidate.properties.QueueName ?? candidate.logicalId) === name);
  if (name === undefined || maxReceiveCount === undefined || target === undefined)
    throw new StartupFault(`The queue ${logicalId} of the packaged template has no dead-letter queue in it.`);
  return { maxReceiveCount, deadLetterQueue: { name, retentionSeconds: target.properties.MessageRetentionPeriod } };
}

function deadLetterQueuesOf(resources: Resources): PackagedDeadLetterQueue[] {
  const read = resources
    .of('AWS::Lambda::EventSourceMapping', shapes.EventSourceMapping)
    .map(({ properties }) => properties.EventSourceArn);
  return resources
    .of('AWS::SQS::Queue', shapes.Queue)
    .map(({ logicalId, properties: queue }) => ({
      name: queue.QueueName ?? logicalId,
      arn: queueArn(logicalId, resources),
      retentionSeconds: queue.MessageRetentionPeriod,
      visibilityTimeoutSeconds: queue.VisibilityTimeout,
    }))
    .filter(({ arn }) => !read.includes(arn));
}

function queueArn(logicalId: string, resources: Resources): string {
  return String(resolveValue({ 'Fn::GetAtt': [logicalId, 'Arn'] }, resources.scope));
}

function nameOfQueue(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

function routesOf(resources: Resources): PackagedRoute[] {
  const integrations = new Map(
    resources.of('AWS::ApiGatewayV2::Integration', shapes.Integration).map(({ logicalId, properties }) => [logicalId, properties]),
  );
  return resources.of('AWS::ApiGatewayV2::Route', shapes.Route).map(({ logicalId, properties: route }) => {
    const integration = integrations.get(route.Target.replace(/^integrations\//, ''));
    if (integration === undefined) throw new StartupFault(`The route ${logicalId} of the packaged template has no integration.`);
    return {
      routeKey: route.RouteKey,
      functionKey: keyOf(integration.IntegrationUri),
      scopes: route.AuthorizationScopes,
      authorized: route.AuthorizationType === 'JWT',
    };
  });
}
