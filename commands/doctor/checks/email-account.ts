import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { type Check, fault, fine } from '../check.ts';

const SUPPORT = 'https://console.aws.amazon.com/support/home';

export const emailAccount: Check = {
  name: 'email-account',
  looksAt: 'the SES account: sandbox, sending, review',
  why: 'In the sandbox, SES sends 200 emails a day, to verified addresses only.',
  run: async ({ aws, location: place, command }) => {
    const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus = 'HEALTHY' } = await aws.ses.send(new GetAccountCommand({}));
    const details = [
      '--mail-type',
      'TRANSACTIONAL',
      '--website-url',
      '<your website>',
      '--use-case-description',
      '<who gets your email, and why>',
    ];
    const account = 'SES';
    return [
      ProductionAccessEnabled
        ? fine(account, 'is out of the sandbox')
        : fault(account, 'is in the sandbox', command('sesv2', 'put-account-details', '--production-access-enabled', ...details)),
      SendingEnabled
        ? fine(account, 'has sending enabled')
        : fault(account, 'has sending disabled', command('sesv2', 'put-account-sending-attributes', '--sending-enabled')),
      EnforcementStatus === 'HEALTHY'
        ? fine(account, 'is not under review')
        : fault(
            account,
            `is in the state ${EnforcementStatus}: AWS has opened a case`,
            `# answer the case at ${SUPPORT}; the reasons: "Reputation metrics" at https://${place.region}.console.aws.amazon.com/ses/home?region=${place.region}`,
          ),
    ];
  },
};
