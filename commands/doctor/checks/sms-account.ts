import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand } from '@aws-sdk/client-sns';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

/** The monthly limit of a new account. */
const DEFAULT_LIMIT_USD = 1;

export const smsAccount: Check = {
  name: 'sms-account',
  looksAt: 'the SMS account: sandbox, monthly spending limit',
  why: 'In the sandbox, texts reach verified numbers only. Beyond the spending limit, no text is sent for the rest of the month.',
  run: async (setup) => {
    const { aws, location: place } = setup;
    const [{ IsInSandbox }, { attributes = {} }] = await Promise.all([
      aws.sns.send(new GetSMSSandboxAccountStatusCommand({})),
      aws.sns.send(new GetSMSAttributesCommand({})),
    ]);
    const console_ = `https://${place.region}.console.aws.amazon.com/sns/v3/home?region=${place.region}#/mobile/text-messaging`;
    return [
      IsInSandbox
        ? fault('SNS', 'is in the SMS sandbox; no command changes that', `# "Exit SMS sandbox" at ${console_}`)
        : fine('SNS', 'is out of the SMS sandbox'),
      ...(await checkLimit(setup, Number(attributes.MonthlySpendLimit ?? DEFAULT_LIMIT_USD))),
    ];
  },
};

async function checkLimit({ stack, command, deploy }: Setup, limit: number): Promise<Finding[]> {
  if (limit <= DEFAULT_LIMIT_USD) {
    const raise = command('sns', 'set-sms-attributes', '--attributes', 'MonthlySpendLimit=<USD>');
    const remedy = `${raise} && ${deploy('smsSpendLimitUsd=<USD>')}; the limit is at most the quota of the account`;
    return [fault('SNS', `may spend ${limit} USD a month on texts, enough for about a hundred`, remedy)];
  }
  const may = fine('SNS', `may spend ${limit} USD a month on texts`);
  const read = await stack();
  const known = read.state === 'there' ? read.parameters.SmsSpendLimitUsd : undefined;
  if (known === undefined || Number(known) === limit) return [may];
  const detail = `may spend ${limit} USD a month on texts, but the stack's alarm starts at 80 % of ${known} USD`;
  return [fault('SNS', detail, deploy(`smsSpendLimitUsd=${limit}`))];
}
