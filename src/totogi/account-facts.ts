import { MINUTE } from '../platform/duration.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { AccountFacts, KnownFacts, ReadAccountFacts } from '../schemas/profile/account-facts.ts';
import type { TotogiAccount } from './account.ts';
import type { TenantTotogi, Totogi } from './client.ts';
import { isTotogiFailure, TotogiRateLimited } from './failures.ts';

/** No message waits longer than this for facts from Totogi. */
const DEADLINE_MILLISECONDS = 3_000;
const LIFE_MILLISECONDS = MINUTE;
/** After a failure no account of the tenant is read for this long, so that an outage costs one deadline instead of one per account. */
const OUTAGE_SECONDS = 15;
const MAX_LIMIT_SECONDS = 60;
const MAX_KEPT = 1_000;

/** Reads each account at most once a minute, and none while its tenant's Totogi does not answer. */
export function createAccountFactsReader(totogi: Totogi, now: () => number): ReadAccountFacts {
  const kept = new Map<string, AccountFacts>();
  const silentUntil = new Map<string, number>();

  async function ask(configuration: TenantConfiguration, account: string): Promise<AccountFacts> {
    const { tenant } = configuration;
    const client = totogi.forTenant(configuration, DEADLINE_MILLISECONDS);
    if (client === undefined) return { known: false, why: 'not-configured', at: now() };
    if (now() < (silentUntil.get(tenant) ?? 0)) return { known: false, why: 'unreachable', at: now() };
    try {
      return factsFrom(await client.getAccount(account), now());
    } catch (error) {
      if (!isTotogiFailure(error)) throw error;
      silentUntil.set(tenant, now() + pauseSeconds(error) * 1_000);
      return { known: false, why: 'unreachable', at: now() };
    }
  }

  return async (configuration, account) => {
    const key = `${configuration.tenant}#${account}`;
    const before = kept.get(key);
    if (before && now() - before.at < LIFE_MILLISECONDS) return before;
    const facts = await ask(configuration, account);
    if (kept.size >= MAX_KEPT) kept.clear();
    if (facts.known) kept.set(key, facts);
    else kept.delete(key);
    return facts;
  };
}

function factsFrom(read: Awaited<ReturnType<TenantTotogi['getAccount']>>, at: number): AccountFacts {
  if (read.outcome === 'done') return { known: true, facts: ofAccount(read.account), at };
  return { known: false, why: read.reason === 'AccountNotFound' ? 'account-not-found' : 'provider-not-active', at };
}

function pauseSeconds(error: Error): number {
  return error instanceof TotogiRateLimited ? Math.min(error.retryAfterSeconds, MAX_LIMIT_SECONDS) : OUTAGE_SECONDS;
}

function ofAccount({ timezone, churnScore, accountLifecycle, customProperties, activePlanVersions }: TotogiAccount): KnownFacts {
  const plans = activePlanVersions.map(({ planSubscriptionId, planVersion, to, renewal }) => ({
    planId: planVersion.plan.id,
    planSubscriptionId,
    to,
    renewal,
  }));
  return { timeZone: timezone, churnScore, lifecycleState: accountLifecycle?.state, customProperties, plans };
}
