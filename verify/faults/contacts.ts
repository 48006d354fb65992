import { putProfile } from '../../src/profiles/profile-records.ts';
import { fictionalNumber } from '../../tooling/traffic/phone-numbers.ts';
import type { Contacts } from './checks/check.ts';
import type { Harness } from './harness.ts';
import type { LedgerEntry } from './plan.ts';

/** Far from the generator's own devices. */
const FIRST_NUMBER = 7_000;
const WITHOUT_PROFILE = /[37]$/;
const WITHOUT_CONSENT = /5$/;
const PLACE = { country: 'US', timeZone: 'America/Chicago' };

/** Creates a profile for most accounts before their first notification. The others are known by their devices only, or not at all. */
export async function addContacts({ table, parts }: Harness, contacts: Contacts, fresh: LedgerEntry[]): Promise<void> {
  for (const { sent } of fresh) {
    const owner = `${sent?.tenant} ${sent?.account}`;
    // The generator numbers its accounts.
    if (sent === undefined || contacts.has(owner) || WITHOUT_PROFILE.test(sent.account)) continue;
    const contact = { phone: `+${fictionalNumber(FIRST_NUMBER + contacts.size)}`, email: `account-${contacts.size}@proof.example` };
    const agrees = !WITHOUT_CONSENT.test(sent.account);
    contacts.set(owner, { ...contact, agreesToMarketing: agrees });
    const at = parts.clock.now();
    const profile = { ...contact, ...PLACE, ...(agrees && { consents: { marketing: consents(at) } }) };
    await putProfile(table, { tenant: sent.tenant, account: sent.account }, profile, { source: 'proof', at });
  }
}

function consents(at: number) {
  const consent = { given: true, source: 'proof', at: new Date(at).toISOString() };
  return { sms: consent, email: consent };
}
