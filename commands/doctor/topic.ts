import type { Setup } from './check.ts';
import { withStatement } from './policy-text.ts';

/** Who alone may publish to a topic. */
export type Publishers = { Sid: string; service: string; Condition: object };

/** The last part of an ARN of SNS. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** The command that makes a topic as the template makes it: with a policy that lets only these publish. */
export function makeTopic({ command }: Setup, arn: string, { Sid, service, Condition }: Publishers): string {
  const statement = { Sid, Effect: 'Allow', Principal: { Service: service }, Action: 'sns:Publish', Resource: arn, Condition };
  return command(
    'sns',
    'create-topic',
    '--name',
    nameOf(arn),
    '--attributes',
    JSON.stringify({ Policy: withStatement(undefined, statement) }),
  );
}
