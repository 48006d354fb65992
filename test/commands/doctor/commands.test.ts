import { expect, test } from 'vitest';
import { awsCommand } from '../../../commands/doctor/aws-command.ts';

test('commands are quoted for a shell', () => {
  const at = { region: 'eu-west-1', endpoint: undefined };
  expect(awsCommand(at, ['sns', "it's", 'a b', 'x=1'])).toBe("aws sns 'it'\\''s' 'a b' x=1 --region eu-west-1");
});
