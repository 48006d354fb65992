import { CONFLICT, retryOnConflict } from '../platform/retry-on-conflict.ts';
import type { Table } from '../platform/table.ts';
import type { Profile } from '../schemas/profile/profile.ts';
import { type ProfileChange, profileOf, type StoredProfile } from '../schemas/profile/stored-profile.ts';
import { eraseMessageCopies } from './message-copies.ts';
import { hasPhone, walkLookups } from './phone-lookups.ts';
import { changedConsents, changedFields, mergeConsents, tidyProfile, withdrawalsOf } from './profile-changes.ts';
import { findStoredProfile, finishChange, type ProfileOwner, writeChange } from './profile-history.ts';

/**
 * `source` is the way a change arrived (`api`, `import`, `sms-stop`); `by` is the caller, if known; `at` in milliseconds since the epoch.
 */
export type ChangeOrigin = { source: string; by?: string | undefined; at: number };

/** Undefined when nothing is known. An erased profile has only withdrawals of consent left. */
export async function findProfile(table: Table, tenant: string, account: string): Promise<Profile | undefined> {
  const read = await findStoredProfile(table, { tenant, account });
  return read && profileOf(read);
}

/** Undefined when there is none, or it was erased and not set since. */
export async function findSetProfile(table: Table, tenant: string, account: string): Promise<Profile | undefined> {
  const read = await findStoredProfile(table, { tenant, account });
  return read && read.erasedAt === undefined ? profileOf(read) : undefined;
}

/** Returns the new profile. `erasedAt` is set when the profile was erased and not set since. */
export type ProfileDecision = (before: Profile | undefined, erasedAt: string | undefined) => Profile;

export type ChangedProfile = { outcome: 'done' | 'already-done'; profile: Profile };

/**
 * Replaces an account's profile, but merges consents: the latest one wins. The only call that restores an erased account.
 *
 * @returns `already-done` when nothing changes; then nothing is written.
 */
export function putProfile(table: Table, owner: ProfileOwner, profile: Profile, origin: ChangeOrigin): Promise<ChangedProfile> {
  const decide: ProfileDecision = (before) => ({ ...profile, consents: mergeConsents(before?.consents, profile.consents) });
  return change(table, owner, { decide, takesBack: true }, origin);
}

/**
 * Changes an account's profile and records the change in its history. An erased account stays erased: it should keep consents only.
 *
 * @param decide is called again when another writer was faster.
 * @returns `already-done` when nothing changes; then nothing is written.
 * @throws Contended when other writers were faster at every attempt.
 */
export function changeProfile(table: Table, owner: ProfileOwner, decide: ProfileDecision, origin: ChangeOrigin): Promise<ChangedProfile> {
  return change(table, owner, { decide, takesBack: false }, origin);
}

export async function previewChange(table: Table, owner: ProfileOwner, decide: ProfileDecision): Promise<ChangedProfile> {
  const { after, isNews } = await plan(table, owner, { decide, takesBack: false });
  return { outcome: isNews ? 'done' : 'already-done', profile: after };
}

type WantedChange = { decide: ProfileDecision; takesBack: boolean };

async function plan(table: Table, owner: ProfileOwner, { decide, takesBack }: WantedChange) {
  const read = await findStoredProfile(table, owner);
  const before = read ? tidyProfile(profileOf(read)) : {};
  const after = tidyProfile(decide(read && before, read?.erasedAt));
  const fields = changedFields(before, after);
  const comesBack = takesBack && read?.erasedAt !== undefined;
  const isFirst = read === undefined;
  const kind: ProfileChange['change'] = isFirst || comesBack ? 'created' : 'changed';
  const erasedAt = comesBack ? undefined : read?.erasedAt;
  return { read, before, after, fields, kind, erasedAt, isNews: isFirst || comesBack || fields.length > 0 };
}

function change(table: Table, owner: ProfileOwner, wanted: WantedChange, origin: ChangeOrigin): Promise<ChangedProfile> {
  return retryOnConflict('a profile', async () => {
    const { read, before, after, fields, kind, erasedAt, isNews } = await plan(table, owner, wanted);
    if (!isNews) return { outcome: 'already-done', profile: after };
    const written = await write(table, owner, read, { after, erasedAt, change: describe(read, { before, after, fields, kind }, origin) });
    return written ? { outcome: 'done', profile: after } : CONFLICT;
  });
}

/**
 * Erases an account's personal data: the profile, its lookups, and the copies on message records. The history keeps the fact, and
 * withdrawals of consent stay, so that no opt-out is lost. A repeat finishes an interrupted erasure.
 *
 * @throws Contended when other writers were faster at every attempt.
 */
export async function deleteProfile(table: Table, owner: ProfileOwner, origin: ChangeOrigin): Promise<'done' | 'already-done'> {
  const outcome = await retryOnConflict('a profile', async () => {
    const read = await findStoredProfile(table, owner);
    if (read?.erasedAt !== undefined) {
      await finishChange(table, owner, read);
      return 'already-done';
    }
    const before = read ? tidyProfile(profileOf(read)) : {};
    const after = tidyProfile({ consents: withdrawalsOf(before.consents) });
    const erased = describe(read, { before, after, fields: changedFields(before, after), kind: 'erased' }, origin);
    return (await write(table, owner, read, { after, erasedAt: erased.at, change: erased })) ? 'done' : CONFLICT;
  });
  await eraseMessageCopies(table, owner.tenant, owner.account);
  return outcome;
}

/** The accounts of every tenant that have this number in their profile, or were texted at it. An inbound text names no tenant. */
export async function accountsOfPhone(table: Table, phone: string): Promise<ProfileOwner[]> {
  const owners: ProfileOwner[] = [];
  for await (const { partition, isTexted } of walkLookups(table, phone)) {
    const [, tenant = '', , account = ''] = partition.split('#');
    if (owners.some((owner) => owner.tenant === tenant && owner.account === account)) continue;
    // A lookup may briefly outlive the number in the profile.
    const profile = isTexted ? undefined : await findProfile(table, tenant, account);
    if (isTexted || (profile && hasPhone(profile, phone))) owners.push({ tenant, account });
  }
  return owners;
}

type Difference = { before: Profile; after: Profile; fields: string[]; kind: ProfileChange['change'] };

function describe(read: StoredProfile | undefined, { before, after, fields, kind }: Difference, origin: ChangeOrigin): ProfileChange {
  return {
    version: (read?.version ?? 0) + 1,
    change: kind,
    at: new Date(origin.at).toISOString(),
    source: origin.source,
    ...(origin.by === undefined ? {} : { by: origin.by }),
    fields,
    consents: changedConsents(before, after),
  };
}

async function write(
  table: Table,
  owner: ProfileOwner,
  read: StoredProfile | undefined,
  { after, erasedAt, change }: { after: Profile; erasedAt: string | undefined; change: ProfileChange },
): Promise<boolean> {
  const next = { ...after, ...(erasedAt === undefined ? {} : { erasedAt }), version: change.version, lastChange: change } as StoredProfile;
  const written = await writeChange(table, owner, read, next);
  if (written) await finishChange(table, owner, written);
  return written !== undefined;
}
