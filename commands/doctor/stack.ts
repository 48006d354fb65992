import { type CloudFormationClient, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Setup } from './check.ts';
import { reasonOf } from './run-checks.ts';

/** A stack: what was given to it, and the ids of what it made. `unknown`, with the reason, where it cannot be read. */
export type Stack =
  | { state: 'there'; parameters: Record<string, string>; outputs: Record<string, string>; made: string[] }
  | { state: 'absent' }
  | { state: 'unknown'; reason: string };

/** Reads a stack. Whoever may not, or asks an emulator without CloudFormation, gets `unknown`. */
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

/** Whether a stack made something of this name: an id is the name, or an address, an ARN or a pair that ends in it. */
function hasMade(stack: Stack, name: string): boolean {
  return stack.state === 'there' && stack.made.some((id) => id.split(/[/:|]/).at(-1) === name);
}

/**
 * What brings a part of the service's stack back. CloudFormation does not look whether what it made is still there, so a deploy does it only
 * where the stack never made it; else `again` makes the part under its name.
 */
export async function bringBack(setup: Setup, { name, again }: { name: string; again: string }): Promise<string> {
  const stack = await setup.stack();
  if (stack.state === 'unknown') return `${again} # or, if it was never deployed: ${setup.deploy()}`;
  return hasMade(stack, name) ? again : setup.deploy();
}
