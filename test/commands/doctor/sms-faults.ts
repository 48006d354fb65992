import type { Fault } from './faults.ts';

const entry = (name: string, text: string) => `<entry><key>${name}</key><value>${text}</value></entry>`;

/** What keeps texts from going out, and replies from coming in. */
export const SMS_FAULTS: Fault[] = [
  {
    check: 'sms-replies',
    change: (table) => {
      table.DescribePhoneNumbers = () => ({
        json: { PhoneNumbers: [{ PhoneNumber: '+14155550100', PhoneNumberId: 'phone-1', TwoWayEnabled: false }] },
      });
    },
    about: '+14155550100',
    detail: 'does not send replies, or not all of them, to arn:aws:sns:us-east-1:111122223333:totogi-notifications-test-sms-replies',
    remedy:
      'aws pinpoint-sms-voice-v2 update-phone-number --phone-number-id phone-1 --two-way-enabled --two-way-channel-arn arn:aws:sns:us-east-1:111122223333:totogi-notifications-test-sms-replies --self-managed-opt-outs-enabled',
  },
  {
    check: 'sms-replies',
    change: (table) => {
      table.DescribePhoneNumbers = () => ({ json: { PhoneNumbers: [] } });
    },
    about: '+14155550100',
    detail: 'is not a number of this account',
    remedy: 'aws pinpoint-sms-voice-v2 describe-phone-numbers',
  },
  {
    check: 'sms-protect',
    change: (table) => {
      table.DescribeProtectConfigurations = () => ({
        json: { ProtectConfigurations: [{ ProtectConfigurationId: 'p', AccountDefault: false }] },
      });
    },
    about: 'AWS End User Messaging',
    detail: 'has no account-wide protect configuration, so AWS sends texts to every country',
    remedy:
      "aws pinpoint-sms-voice-v2 create-protect-configuration --query ProtectConfigurationId --output text{at} && aws pinpoint-sms-voice-v2 set-account-default-protect-configuration --protect-configuration-id '<id>'{at} # then run this check again: it lists the countries to block",
  },
  {
    check: 'sms-protect',
    change: (table) => {
      const CountryRuleSet = { US: { ProtectStatus: 'BLOCK' }, GB: { ProtectStatus: 'ALLOW' }, LV: { ProtectStatus: 'MONITOR' } };
      table.GetProtectConfigurationCountryRuleSet = () => ({ json: { CountryRuleSet } });
    },
    about: 'AWS End User Messaging',
    detail: 'blocks texts to US, which tenants use, and allows texts to GB, LV, which no tenant uses',
    remedy: `aws pinpoint-sms-voice-v2 update-protect-configuration-country-rule-set --protect-configuration-id protect-1 --number-capability SMS --country-rule-set-updates '{"GB":{"ProtectStatus":"BLOCK"},"LV":{"ProtectStatus":"BLOCK"},"US":{"ProtectStatus":"ALLOW"}}'`,
  },
  {
    check: 'sms-account',
    change: (table) => {
      table.GetSMSAttributes = () => ({ xml: '<attributes/>' });
    },
    about: 'SNS',
    detail: 'may spend 1 USD a month on texts, enough for about a hundred',
    remedy:
      "aws sns set-sms-attributes --attributes 'MonthlySpendLimit=<USD>'{at} && AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 '--param=smsSpendLimitUsd=<USD>' # add --param for each other parameter of the last deploy: those left out are reset to their defaults; the limit is at most the quota of the account",
  },
  {
    check: 'sms-account',
    change: (table) => {
      table.GetSMSAttributes = () => ({ xml: `<attributes>${entry('MonthlySpendLimit', '2000')}</attributes>` });
    },
    about: 'SNS',
    detail: "may spend 2000 USD a month on texts, but the stack's alarm starts at 80 % of 500 USD",
    remedy:
      'AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 --param=smsSpendLimitUsd=2000 # add --param for each other parameter of the last deploy: those left out are reset to their defaults',
  },
];
