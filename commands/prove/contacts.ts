import { putProfile } from '../../src/store/profiles.ts';
import { fictionalNumber } from '../emulate/phone-numbers.ts';
import type { Contacts } from './checks/check.ts';
import type { Harness } from './harness.ts';
import type { LedgerEntry } from './plan.ts';

/** Far from the generator's own devices. */
const FIRST_NUMBER = 7_000;
const WITHOUT_PROFILE = /[37]$/;

/** Gives most accounts a profile, before its first notification; the others are known by their devices only, or not at all. */
export async function addContacts({ table, parts }: Harness, contacts: Contacts, fresh: LedgerEntry[]): Promise<void> {
  for (const { sent } of fresh) {
    const owner = `${sent?.tenant} ${sent?.account}`;
    // The generator numbers its accounts.
    if (sent === undefined || contacts.has(owner) || WITHOUT_PROFILE.test(sent.account)) continue;
    const contact = { phone: `+${fictionalNumber(FIRST_NUMBER + contacts.size)}`, email: `account-${contacts.size}@proof.example` };
    contacts.set(owner, contact);
    await putProfile(table, { tenant: sent.tenant, account: sent.account }, contact, { source: 'proof', at: parts.clock.now() });
  }
}
