import { StartupFault } from '../startup-fault.ts';

export type TemplateResource = { Type: string; Condition?: string; Properties: Record<string, unknown> };

export type TemplateScope = {
  parameters: Record<string, { Type: string; Default?: unknown }>;
  resources: Record<string, TemplateResource>;
  conditions: Record<string, unknown>;
  region: string;
  accountId: string;
};

type Resolver = (argument: unknown, scope: TemplateScope) => unknown;

/**
 * Resolves CloudFormation's intrinsic functions, with every parameter at its default.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 *
 * @throws StartupFault naming an unknown function, parameter or attribute.
 */
export function resolveValue(value: unknown, scope: TemplateScope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, scope)).filter((item) => item !== undefined);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && isIntrinsic(name, argument)) return resolveIntrinsic(name, argument, scope);
  const resolved = entries.map(([key, item]) => [key, resolveValue(item, scope)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
}

const intrinsics: Record<string, Resolver> = {
  Ref: (name, scope) => reference(String(name), scope),
  Condition: (name, scope) => condition(String(name), scope),
  'Fn::GetAtt': (path, scope) => attribute(Array.isArray(path) ? path.map(String) : String(path).split('.'), scope),
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = resolveList(argument, scope);
    return asList(parts, 'Fn::Join').join(String(separator));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = resolveList(argument, scope);
    return String(text).split(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = resolveList(argument, scope);
    return asList(list, 'Fn::Select')[Number(index)];
  },
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = asList(argument, 'Fn::If');
    return resolveValue(condition(String(name), scope) ? then : otherwise, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = resolveList(argument, scope);
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => !resolveList(argument, scope)[0],
  'Fn::And': (argument, scope) => resolveList(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => resolveList(argument, scope).some(Boolean),
};

function isIntrinsic(name: string, argument: unknown): boolean {
  return name.startsWith('Fn::') || name === 'Ref' || (name === 'Condition' && typeof argument === 'string');
}

function resolveIntrinsic(name: string, argument: unknown, scope: TemplateScope): unknown {
  const resolver = intrinsics[name];
  if (resolver === undefined) throw unknownPart(`the function ${name}`);
  return resolver(argument, scope);
}

function reference(name: string, scope: TemplateScope): unknown {
  const pseudo: Record<string, unknown> = {
    'AWS::Region': scope.region,
    'AWS::AccountId': scope.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'totogi-notifications-local',
    'AWS::NoValue': undefined,
  };
  if (name in pseudo) return pseudo[name];
  const parameter = scope.parameters[name];
  if (parameter !== undefined) return parameterValue(name, parameter);
  const resource = scope.resources[name];
  if (resource === undefined) throw unknownPart(`Ref ${name}`);
  if (resource.Type === 'AWS::Lambda::Alias') return aliasArn(resource, scope);
  return resourceName(resource, scope) ?? name;
}

function parameterValue(name: string, parameter: { Type: string; Default?: unknown }): unknown {
  if (parameter.Default === undefined) throw unknownPart(`the parameter ${name}, which has no default`);
  const text = String(parameter.Default);
  return parameter.Type.startsWith('CommaDelimitedList') || parameter.Type.startsWith('List<')
    ? text.split(',').map((item) => item.trim())
    : text;
}

const resourceNames: Record<string, string> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
};

function resourceName(resource: TemplateResource, scope: TemplateScope): string | undefined {
  const property = resourceNames[resource.Type];
  const name = property === undefined ? undefined : resolveValue(resource.Properties[property], scope);
  return typeof name === 'string' ? name : undefined;
}

function aliasArn({ Properties }: TemplateResource, scope: TemplateScope): string {
  const [name, alias] = [resolveValue(Properties.FunctionName, scope), resolveValue(Properties.Name, scope)];
  return `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${String(name).split(':').at(-1)}:${alias}`;
}

const arnPrefixes: Record<string, { service: string; prefix: string; isGlobal?: boolean }> = {
  'AWS::IAM::Role': { service: 'iam', prefix: 'role/', isGlobal: true },
  'AWS::DynamoDB::Table': { service: 'dynamodb', prefix: 'table/' },
  'AWS::Lambda::Function': { service: 'lambda', prefix: 'function:' },
  'AWS::SQS::Queue': { service: 'sqs', prefix: '' },
  'AWS::Logs::LogGroup': { service: 'logs', prefix: 'log-group:' },
};

function attribute([logicalId = '', ...path]: string[], scope: TemplateScope): string {
  const resource = scope.resources[logicalId];
  const kind = resource === undefined ? undefined : arnPrefixes[resource.Type];
  const name = resource === undefined ? undefined : (resourceName(resource, scope) ?? logicalId);
  if (kind === undefined || path.join('.') !== 'Arn') throw unknownPart(`Fn::GetAtt ${logicalId}.${path.join('.')}`);
  return `arn:aws:${kind.service}:${kind.isGlobal ? '' : scope.region}:${scope.accountId}:${kind.prefix}${name}`;
}

function substitute(argument: unknown, scope: TemplateScope): string {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolveValue(own ?? {}, scope) as Record<string, unknown>;
  return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in variables) return String(variables[name]);
    return String(name.includes('.') ? attribute(name.split('.'), scope) : reference(name, scope));
  });
}

function condition(name: string, scope: TemplateScope): boolean {
  if (!(name in scope.conditions)) throw unknownPart(`the condition ${name}`);
  return Boolean(resolveValue(scope.conditions[name], scope));
}

function resolveList(argument: unknown, scope: TemplateScope): unknown[] {
  return asList(resolveValue(argument, scope), 'an intrinsic function');
}

function asList(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw unknownPart(`${where} with something that is no list`);
  return value;
}

function unknownPart(what: string): StartupFault {
  return new StartupFault(
    `The packaged template uses ${what}; the local service cannot resolve that: teach it in local/template/values.ts.`,
  );
}
