import { GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';

export const emailIdentities: Check = {
  name: 'email-identities',
  looksAt: "the From addresses of the tenants' configuration",
  why: 'SES sends from verified addresses and domains only; all other email fails.',
  run: async (setup) => {
    const addresses = setup.tenants().flatMap(({ email }) => Object.values(email.from).map(addressOf));
    if (addresses.length === 0) return [fine('SES', 'no tenant has a From address, so no email is sent')];
    return Promise.all([...new Set(addresses)].map((address) => checkAddress(setup, address)));
  },
};

/** Takes `Aurora <care@aurora.example>` or the bare address. */
function addressOf(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}

async function checkAddress({ aws, command }: Setup, address: string): Promise<Finding> {
  const domain = address.split('@').at(-1) ?? address;
  const find = (EmailIdentity: string) => unlessMissing(aws.ses.send(new GetEmailIdentityCommand({ EmailIdentity })));
  const [own, ofDomain] = await Promise.all([find(address), find(domain)]);
  if (own?.VerifiedForSendingStatus || ofDomain?.VerifiedForSendingStatus) return fine(address, 'is verified');
  if (!own && !ofDomain) {
    return fault(
      address,
      'is not verified, and neither is its domain',
      command('sesv2', 'create-email-identity', '--email-identity', domain),
    );
  }
  if (own) {
    const detail = 'is not confirmed: the link that SES sent there is valid for a day; the command sends it again';
    return fault(address, detail, command('ses', 'verify-email-identity', '--email-address', address));
  }
  const detail = `its domain ${domain} is not verified: enter the tokens that the command prints as CNAME records`;
  return fault(address, detail, command('sesv2', 'get-email-identity', '--email-identity', domain));
}
