import * as z from 'zod';
import { OneOrMore, PolicyStatement } from '../iam/policy.ts';
import { StartupFault } from '../startup-fault.ts';
import { resolveValue, type TemplateResource, type TemplateScope } from './values.ts';

/** `trusts` lists the roles that may assume this one. */
export type PackagedRole = { arn: string; statements: PolicyStatement[]; trusts: string[] };

export function rolesOf(scope: TemplateScope): PackagedRole[] {
  return Object.entries(scope.resources).flatMap(([logicalId, resource]) =>
    resource.Type === 'AWS::IAM::Role' && isForSessions(resource) ? [roleOf(logicalId, scope)] : [],
  );
}

/** @throws StartupFault when the template has no such role. */
export function roleOfArn(arn: string, scope: TemplateScope): PackagedRole {
  const isIt = ([logicalId, { Type }]: [string, TemplateResource]) => Type === 'AWS::IAM::Role' && arnOf(logicalId, scope) === arn;
  const [logicalId] = Object.entries(scope.resources).find(isIt) ?? [];
  if (logicalId === undefined) throw new StartupFault(`The packaged template has no role ${arn}.`);
  return roleOf(logicalId, scope);
}

function roleOf(logicalId: string, scope: TemplateScope): PackagedRole {
  const resource = scope.resources[logicalId] ?? { Type: '', Properties: {} };
  return { arn: arnOf(logicalId, scope), statements: statementsOf(resource, scope), trusts: trustsOf(resource, scope) };
}

function isForSessions({ Properties }: TemplateResource): boolean {
  return JSON.stringify(Properties.AssumeRolePolicyDocument ?? {}).includes('sts:TagSession');
}

function arnOf(logicalId: string, scope: TemplateScope): string {
  return String(resolveValue({ 'Fn::GetAtt': [logicalId, 'Arn'] }, scope));
}

const Policies = z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(PolicyStatement) }) }));

function statementsOf({ Properties }: TemplateResource, scope: TemplateScope): PolicyStatement[] {
  return Policies.parse(resolveValue(Properties.Policies, scope)).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const Trust = z.object({ Statement: z.array(z.object({ Principal: z.object({ AWS: OneOrMore.default([]) }).default({ AWS: [] }) })) });

function trustsOf({ Properties }: TemplateResource, scope: TemplateScope): string[] {
  return Trust.parse(resolveValue(Properties.AssumeRolePolicyDocument, scope)).Statement.flatMap(({ Principal }) => Principal.AWS);
}
