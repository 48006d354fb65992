import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { reasonOf } from './aws-errors.ts';

export type Stack =
  | { state: 'there'; parameters: Record<string, string>; outputs: Record<string, string> }
  | { state: 'absent' }
  | { state: 'unknown'; reason: string };

/** `unknown` without permission, or on an emulator without CloudFormation. */
export async function readStack(cloudformation: CloudFormationClient, name: string): Promise<Stack> {
  try {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    const given = (Stacks[0]?.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]);
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return { state: 'there', parameters: Object.fromEntries(given), outputs: Object.fromEntries(outputs) };
  } catch (error) {
    const isAbsent = error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');
    return isAbsent ? { state: 'absent' } : { state: 'unknown', reason: reasonOf(error) };
  }
}
