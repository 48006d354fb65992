import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand } from '@aws-sdk/client-sns';
import { type Check, fault, fine } from '../check.ts';

/** What a new account may spend in a month. */
const DEFAULT_LIMIT_USD = 1;

export const smsAccount: Check = {
  name: 'sms-account',
  looksAt: 'whether SNS sends texts for this account: sandbox, monthly spending limit',
  why: 'In the sandbox texts reach verified numbers only, and past the spending limit none goes for the rest of the month.',
  run: async ({ aws, place, command }) => {
    const [{ IsInSandbox }, { attributes = {} }] = await Promise.all([
      aws.sns.send(new GetSMSSandboxAccountStatusCommand({})),
      aws.sns.send(new GetSMSAttributesCommand({})),
    ]);
    const limit = Number(attributes.MonthlySpendLimit ?? DEFAULT_LIMIT_USD);
    const limitCommand = command('sns', 'set-sms-attributes', '--attributes', 'MonthlySpendLimit=<USD, at most the quota>');
    const console_ = `https://${place.region}.console.aws.amazon.com/sns/v3/home?region=${place.region}#/mobile/text-messaging`;
    return [
      IsInSandbox
        ? fault('SNS', 'is in the SMS sandbox, which no command leaves', `# "Exit SMS sandbox" at ${console_}`)
        : fine('SNS', 'is out of the SMS sandbox'),
      limit > DEFAULT_LIMIT_USD
        ? fine('SNS', `may spend ${limit} USD a month on texts`)
        : fault('SNS', `may spend ${limit} USD a month on texts, which is some hundred of them`, limitCommand),
    ];
  },
};
