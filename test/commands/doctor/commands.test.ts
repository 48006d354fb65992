import { expect, test } from 'vitest';
import * as z from 'zod';
import { awsCommand } from '../../../commands/doctor/aws-command.ts';
import { rulesOf } from '../../../commands/doctor/checks/default-bus-rules.ts';
import { resourcesOf, serviceTemplate } from '../../cloudformation/templates.ts';

test('what doctor makes again has the patterns of the template', () => {
  const place = { region: 'us-east-1', partition: 'aws', accountId: '111122223333' };
  const patterns = rulesOf({ prefix: 'totogi-notifications-dev', location: place }).map(({ name, pattern }) => [name, pattern]);
  const Rule = z.looseObject({ Name: z.unknown(), EventBusName: z.unknown().optional(), EventPattern: z.unknown() });
  const rules = resourcesOf(serviceTemplate(), 'AWS::Events::Rule', Rule).filter(([, { EventBusName }]) => EventBusName === undefined);
  const filled = JSON.stringify(rules.map(([, rule]) => [rule.Name, rule.EventPattern])).replaceAll(
    '{"Ref":"AWS::AccountId"}',
    '"111122223333"',
  );
  expect(new Map(JSON.parse(filled))).toEqual(new Map(patterns as [string, object][]));
});

test('commands are quoted for a shell', () => {
  const at = { region: 'eu-west-1', endpoint: undefined };
  expect(awsCommand(at, ['sns', "it's", 'a b', 'x=1'])).toBe("aws sns 'it'\\''s' 'a b' x=1 --region eu-west-1");
});
