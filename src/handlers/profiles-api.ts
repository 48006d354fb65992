import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { MINUTE } from '../platform/duration.ts';
import { httpHandler } from '../platform/http.ts';
import { badRequest, HttpProblem } from '../platform/problem.ts';
import { readSettings } from '../platform/settings.ts';
import { createTenantTables, type TenantTables } from '../platform/tenant-tables.ts';
import { listConsents } from '../profiles/profile-changes.ts';
import { deleteProfile, findSetProfile, putProfile } from '../profiles/profile-records.ts';
import { PROFILE_ROUTES } from '../schemas/api/profile-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';
import type { Profile } from '../schemas/profile/profile.ts';

/** Allowed clock skew. */
const MAX_AHEAD_MILLISECONDS = 5 * MINUTE;

export type ProfilesDependencies = { tables: TenantTables; now: () => number };

export function createHandler(deps: ProfilesDependencies) {
  return httpHandler('profiles-api', serveRoutes(PROFILE_ROUTES, profiles(deps)));
}

function profiles({ tables, now }: ProfilesDependencies): RouteWork<RouteOf<'profiles-api'>> {
  return {
    getProfile: async ({ tenant, account }, _query, sent) => {
      const profile = await findSetProfile(tables(sent.tenant), tenant, account);
      if (!profile) throw new HttpProblem(404, 'No profile exists for this account.');
      return profile;
    },
    putProfile: async (owner, _query, { body, tenant, caller }) => {
      const at = now();
      rejectFutureConsents(body, at);
      const { profile } = await putProfile(tables(tenant), owner, body, { source: 'api', by: caller, at });
      return profile;
    },
    deleteProfile: async (owner, _query, { tenant, caller }) => {
      await deleteProfile(tables(tenant), owner, { source: 'api', by: caller, at: now() });
      return undefined;
    },
  };
}

/** The latest consent wins: one dated in the future would override every withdrawal until then. */
function rejectFutureConsents({ consents }: Profile, now: number): void {
  // Before 1970 no one gave consent here, and the year may be one that RFC 3339 cannot write.
  const ahead = listConsents(consents).filter(({ at }) => Date.parse(at) > now + MAX_AHEAD_MILLISECONDS || Date.parse(at) < 0);
  if (ahead.length === 0) return;
  const detail = 'expected a time that has passed, after 1969';
  throw badRequest(ahead, (consent) => ({ pointer: `/consents/${consent.class}/${consent.channel}/at`, detail }));
}

function liveDependencies(): ProfilesDependencies {
  const { tableName, profilesDataRole } = readSettings(['tableName', 'profilesDataRole']);
  return { tables: createTenantTables({ name: tableName, dataRole: profilesDataRole }), now: () => Date.now() };
}

export const handler = createHandler(liveDependencies());
