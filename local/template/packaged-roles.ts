import * as z from 'zod';
import { PolicyStatement } from '../iam/policy.ts';
import { resolveValue, type TemplateResource, type TemplateScope } from './values.ts';

/** A role that functions assume for a tenant, and what it allows. */
export type PackagedRole = { arn: string; statements: PolicyStatement[] };

/** The roles of the packaged template that are assumed with a session's tags. */
export function rolesOf(scope: TemplateScope): PackagedRole[] {
  return Object.entries(scope.resources).flatMap(([logicalId, resource]) =>
    resource.Type === 'AWS::IAM::Role' && isForSessions(resource)
      ? [{ arn: arnOf(logicalId, scope), statements: statementsOf(resource, scope) }]
      : [],
  );
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
