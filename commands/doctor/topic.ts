import type { Setup } from './check.ts';
import { withStatement } from './policy-text.ts';

/** The only publishers that a topic's policy allows. */
export type Publishers = { Sid: string; service: string; Condition: object };

export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** Creates a topic as the template does, with a policy for these publishers alone. */
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
