import { type CloudFormationClient, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Setup } from './check.ts';
import { reasonOf } from './run-checks.ts';

/** `made` has the IDs of its resources. `unknown` if it cannot be read. */
export type Stack =
  | { state: 'there'; parameters: Record<string, string>; outputs: Record<string, string>; made: string[] }
  | { state: 'absent' }
  | { state: 'unknown'; reason: string };

/** `unknown` without permission, or on an emulator without CloudFormation. */
export async function readStack(cloudformation: CloudFormationClient, name: string): Promise<Stack> {
  try {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    const given = (Stacks[0]?.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]);
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    const made: string[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudformation }, { StackName: name })) {
      const present = StackResourceSummaries.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
      made.push(...present.flatMap(({ PhysicalResourceId = '' }) => PhysicalResourceId));
    }
    return { state: 'there', parameters: Object.fromEntries(given), outputs: Object.fromEntries(outputs), made };
  } catch (error) {
    const isAbsent = error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');
    return isAbsent ? { state: 'absent' } : { state: 'unknown', reason: reasonOf(error) };
  }
}

/** A resource's ID is its name, or an address, an ARN or a pair that ends in it. */
function hasMade(stack: Stack, name: string): boolean {
  return stack.state === 'there' && stack.made.some((id) => id.split(/[/:|]/).at(-1) === name);
}

/**
 * The command that restores a missing part of the stack. CloudFormation does not check whether its resources still exist, so a deploy only
 * creates those that it never created. For all others, `again` creates the part under its name.
 */
export async function bringBack(setup: Setup, { name, again }: { name: string; again: string }): Promise<string> {
  const stack = await setup.stack();
  if (stack.state === 'unknown') return `${again} # or, if it was never deployed: ${setup.deploy()}`;
  return hasMade(stack, name) ? again : setup.deploy();
}
