import type { Offer } from '../schemas/offer/offer.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import type { TenantTotogi } from './client.ts';
import { isTotogiFailure, knownAfter, TotogiNotDone } from './failures.ts';
import type { PlanSubscription } from './plan-subscriptions.ts';

export type Granted = { outcome: 'done' } | { outcome: 'rejected'; reason: string };

type Accepted = Pick<OfferRecord, 'tenant' | 'account' | 'offerId' | 'acceptedAt'>;

/** Balance grants have a transaction id; plan grants do not. */
export function isRepeatable({ grant }: Offer): boolean {
  return grant.kind === 'create-balance' || grant.kind === 'credit-balance';
}

/**
 * Grants the accepted offer in Totogi.
 *
 * @throws the errors of the client (failures.ts) when there was no answer.
 */
export async function grantOffer(totogi: TenantTotogi | undefined, { id, grant }: Offer, accepted: Accepted): Promise<Granted> {
  if (totogi === undefined) return { outcome: 'rejected', reason: 'totogi-not-configured' };
  const { account, offerId } = accepted;
  // The same for every attempt at the same offer.
  const transactionId = `offer-${id}-${offerId}`;
  switch (grant.kind) {
    case 'create-balance':
      return granted(await totogi.createBalance({ account, transactionId, balanceTypeId: grant.balanceType, value: grant.amount }));
    case 'credit-balance': {
      const balanceId = await findBalance(totogi, account, grant.balanceType);
      if (balanceId === undefined) return { outcome: 'rejected', reason: 'BalanceNotFound' };
      return granted(await totogi.updateBalance({ account, transactionId, balanceId, adjustment: 'CREDIT', value: grant.amount }));
    }
    case 'subscribe':
      return granted(await totogi.subscribeToPlan({ account, planId: grant.plan }));
    case 'switch-plan': {
      const planSubscriptionId = await beforeGrant(() => findSubscription(totogi, account, grant.from));
      if (planSubscriptionId === undefined) return { outcome: 'rejected', reason: 'SubscriptionNotFound' };
      return granted(await totogi.updatePlanSubscription({ account, planSubscriptionId, planId: grant.plan }));
    }
  }
}

/** When this read fails, nothing was granted yet. */
async function beforeGrant<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (!isTotogiFailure(error) || knownAfter(error) === 'not-done') throw error;
    throw new TotogiNotDone('getAccount', 'unread', { cause: error });
  }
}

/** Ids only, without account or personal data. */
export async function planIdsOf(totogi: TenantTotogi | undefined, { grant }: Offer, { account }: Accepted): Promise<string[]> {
  const plans = await subscriptionsOf(totogi, account);
  return plans
    .filter((plan) => 'plan' in grant && isTo(plan, grant.plan))
    .map(({ planSubscriptionId, planVersion }) => `${planSubscriptionId} ${planVersion.plan.id}`);
}

/** Pages of Totogi's event log, of 25 records each, that are read for one plan: 5,000 records since the acceptance. */
const MAX_LOG_PAGES = 200;

/** `unknown`: the log has more records than are read. */
export type PlanCheck = 'granted' | 'not-granted' | 'unknown';

/** Looks for a subscription to the plan that the account did not have before, and for one in Totogi's log since the acceptance. */
export async function checkNewPlan(
  totogi: TenantTotogi | undefined,
  offer: Offer,
  { record, before }: { record: Accepted; before: string[] },
): Promise<PlanCheck> {
  const now = await planIdsOf(totogi, offer, record);
  if (now.some((plan) => !before.includes(plan))) return 'granted';
  if (totogi === undefined || !('plan' in offer.grant)) return 'not-granted';
  return searchLog(totogi, record, offer.grant);
}

type PlanGrant = Extract<Offer['grant'], { plan: string }>;

const ACTIONS = { subscribe: 'subscribeToPlan', 'switch-plan': 'updatePlanSubscription' } as const;

async function searchLog(totogi: TenantTotogi, { account, acceptedAt }: Accepted, { kind, plan }: PlanGrant): Promise<PlanCheck> {
  let after: string | undefined;
  for (let pages = 0; pages < MAX_LOG_PAGES; pages += 1) {
    const page = await totogi.getEventDataRecordsByAccount({ account, ...(acceptedAt && { from: acceptedAt }), ...(after && { after }) });
    if (page.outcome === 'rejected') return 'not-granted';
    const found = page.records.some(
      ({ action, eventData }) => action === ACTIONS[kind] && JSON.stringify(eventData ?? {}).includes(JSON.stringify(plan)),
    );
    if (found) return 'granted';
    if (page.next === undefined) return 'not-granted';
    after = page.next;
  }
  return 'unknown';
}

async function findBalance(totogi: TenantTotogi, account: string, balanceType: string): Promise<string | undefined> {
  const asked = await totogi.getAccount(account);
  if (asked.outcome === 'rejected') return undefined;
  return asked.account.balances.find((balance) => balance.balanceType.balanceTypeId === balanceType)?.balanceId;
}

async function findSubscription(totogi: TenantTotogi, account: string, from: string | undefined): Promise<string | undefined> {
  const asked = await totogi.getAccount(account);
  if (asked.outcome === 'rejected') return undefined;
  const plans = asked.account.activePlanVersions.filter((plan) => from === undefined || isTo(plan, from));
  return plans.length === 1 ? plans[0]?.planSubscriptionId : undefined;
}

async function subscriptionsOf(totogi: TenantTotogi | undefined, account: string): Promise<PlanSubscription[]> {
  const asked = await totogi?.getAccount(account);
  return asked?.outcome === 'done' ? [...asked.account.activePlanVersions, ...asked.account.inactivePlanVersions] : [];
}

function isTo({ planVersion }: PlanSubscription, plan: string): boolean {
  return planVersion.plan.id === plan;
}

function granted(answer: { outcome: 'done' } | { outcome: 'rejected'; reason: string }): Granted {
  return answer.outcome === 'done' ? { outcome: 'done' } : { outcome: 'rejected', reason: answer.reason };
}
