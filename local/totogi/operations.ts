import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type Account, iso, type Subscription, subscriptionTo } from './account.ts';
import type { AccountBook } from './account-book.ts';
import { balanceTypes, findPlan, plans } from './plans.ts';

type Of = { providerId: string; accountId: string };
type PlanInput = Of & { planId?: string | null; from?: string | null; to?: string | null };
type BalanceInput<Info> = Of & { balanceInfos?: Info[] | null; transactionId?: string | null };
type NewBalance = { balanceTypeId: string; value: number; from?: string | null; to?: string | null };
type BalanceChange = { balanceId?: string | null; balanceValue?: number | null; adjustment?: string | null; to?: string | null };
type RecordsQuery = Of & { first: number; after?: string | null; filterBy?: { from?: string | null; to?: string | null } | null };

const maxRecords = 25;

export function totogiError(typename: string, more: object = {}) {
  return { __typename: typename, errorCode: typename, ...more };
}

/** The root value for graphql-js: one field per operation. */
export function createOperations({ book, clock }: { book: AccountBook; clock: Clock }) {
  function withAccount<Result>({ providerId, accountId }: Of, run: (account: Account) => Result) {
    const account = book.read(providerId, accountId);
    return account.exists ? run(account) : totogiError('AccountNotFound');
  }

  function changePlans(
    input: PlanInput,
    action: string,
    change: (account: Account, at: number) => { next: Subscription; others: Subscription[] } | string,
  ) {
    return withAccount(input, (account) => {
      const changed = change(account, clock.now());
      if (typeof changed === 'string') return totogiError(changed);
      const { next, others } = changed;
      const data = { planSubscriptionId: next.planSubscriptionId, planId: next.planId };
      book.write(input.providerId, input.accountId, { ...account, subscriptions: [...others, next] }, { action, data });
      return { __typename: 'SubscribeToPlanVersionPayload', subscribedPlanVersion: planView(next) };
    });
  }

  function changeBalances<Info>(
    input: BalanceInput<Info>,
    action: string,
    change: (account: Account, info: Info) => Account['balances'] | object,
  ) {
    return withAccount(input, (account) => {
      const [info, ...others] = input.balanceInfos ?? [];
      if (info === undefined || others.length > 0)
        return totogiError('InvalidField', { errorCode: 'MissingBalanceInfoInput', fieldName: 'balanceInfos' });
      const balances = change(account, info);
      if (!Array.isArray(balances)) return balances;
      const transactionId = input.transactionId ?? randomUUID();
      const done = { action, data: { transactionId, ...info }, transactionId };
      const isNew = book.write(input.providerId, input.accountId, { ...account, balances }, done);
      if (!isNew) return totogiError('TransactionHasBeenProcessed', { transactionId });
      return { __typename: 'BalancePayload', transactionId, balanceInfos: balances.slice(-1).map(balanceView) };
    });
  }

  return {
    getAccount: (of: Of) => withAccount(of, (account) => accountView(of.accountId, account, clock.now())),
    getPlans: () => ({ edges: plans.map((node) => ({ node })), pageInfo: { hasNextPage: false, endCursor: null } }),
    getEventDataRecordsByAccount: (query: RecordsQuery) =>
      withAccount(query, () => {
        const most = Math.min(query.first, maxRecords);
        const { from, to } = query.filterBy ?? {};
        const range = { from: from ? Date.parse(from) : 0, to: to ? Date.parse(to) : Number.MAX_SAFE_INTEGER };
        const before = query.after ? Number(query.after) : Number.MAX_SAFE_INTEGER;
        const records = book.records({ provider: query.providerId, account: query.accountId, before, ...range, most: most + 1 });
        const page = records.slice(0, most);
        const edges = page.map(({ id, at, action, data }) => ({ node: { id, createdAt: iso(at), action, eventData: data } }));
        const endCursor = page.at(-1)?.position.toString() ?? null;
        return { __typename: 'EventDataRecordAccountConnection', edges, pageInfo: { hasNextPage: records.length > most, endCursor } };
      }),
    subscribeToPlan: ({ input }: { input: PlanInput }) =>
      changePlans(input, 'subscribeToPlan', (account, at) => {
        const plan = findPlan(input.planId);
        if (plan === undefined) return 'PlanNotFound';
        const from = input.from ? Date.parse(input.from) : at;
        return { next: subscriptionTo(plan.id, randomUUID(), from, input.to), others: account.subscriptions };
      }),
    updatePlanSubscription: ({ input }: { input: PlanInput & { planSubscriptionId: string } }) =>
      changePlans(input, 'updatePlanSubscription', (account, at) => {
        const before = account.subscriptions.find((one) => one.planSubscriptionId === input.planSubscriptionId);
        if (before === undefined) return 'SubscriptionNotFound';
        const plan = findPlan(input.planId ?? before.planId);
        if (plan === undefined) return 'PlanNotFound';
        const from = input.from ? Date.parse(input.from) : at;
        const next = { ...subscriptionTo(plan.id, before.planSubscriptionId, from, input.to), used: before.used };
        return { next, others: account.subscriptions.filter((one) => one !== before) };
      }),
    createBalance: ({ input }: { input: BalanceInput<NewBalance> }) =>
      changeBalances(input, 'createBalance', (account, { balanceTypeId, value, from = null, to = null }) => {
        if (!balanceTypes.some(({ id }) => id === balanceTypeId)) return totogiError('BalanceTypeNotFound');
        return [...account.balances, { balanceId: randomUUID(), balanceTypeId, value, from, to }];
      }),
    updateBalance: ({ input }: { input: BalanceInput<BalanceChange> }) =>
      changeBalances(input, 'updateBalance', (account, { balanceId, balanceValue, adjustment, to }) => {
        const before = account.balances.find((one) => one.balanceId === balanceId);
        if (before === undefined) return totogiError('BalanceNotFound');
        const changed = { ...before, value: adjusted(before.value, adjustment, balanceValue ?? 0), to: to ?? before.to };
        return [...account.balances.filter((one) => one !== before), changed];
      }),
    updateAccount: ({
      input,
    }: {
      input: Of & { accountLifecycle?: { lifecycle: string; state?: string | null; expiryDays?: number | null } | null };
    }) =>
      withAccount(input, (account) => {
        const { lifecycle: id, state, expiryDays = null } = input.accountLifecycle ?? {};
        if (id !== undefined && id !== account.lifecycle?.id) return totogiError('LifecycleNotFound');
        const lifecycle = account.lifecycle && {
          ...account.lifecycle,
          state: state ?? account.lifecycle.state,
          since: iso(clock.now()),
          expiryDays,
        };
        const changed = { ...account, lifecycle };
        book.write(input.providerId, input.accountId, changed, { action: 'updateAccount', data: { state } });
        return { __typename: 'UpdateAccountPayload', account: accountView(input.accountId, changed, clock.now()) };
      }),
  };
}

function adjusted(value: number, adjustment: string | null | undefined, by: number): number {
  if (adjustment === 'CREDIT') return value + by;
  if (adjustment === 'DEBIT') return value - by;
  return adjustment === 'SET' ? by : value;
}

function accountView(id: string, { timezone, churnScore, customProperties, lifecycle, subscriptions, balances }: Account, now: number) {
  const lasting = subscriptions.filter(({ to }) => Date.parse(to) > now);
  const isActive = ({ from, used }: Subscription) => used && Date.parse(from) <= now;
  return {
    __typename: 'Account',
    id,
    timezone,
    churnScore,
    customProperties: JSON.stringify(customProperties),
    accountLifecycle: lifecycle && lifecycleView(lifecycle),
    balances: balances.map(balanceView),
    activePlanVersions: lasting.filter(isActive).map(planView),
    inactivePlanVersions: lasting.filter((one) => !isActive(one)).map(planView),
  };
}

function lifecycleView({ id, name, state, since, expiryDays }: NonNullable<Account['lifecycle']>) {
  const expiryDate = expiryDays === null ? null : iso(Date.parse(since) + expiryDays * 86_400_000);
  return { lifecycle: { id, name }, state, transitionTime: since, expiryDays, expiryDate };
}

function planView({ planSubscriptionId, planId, from, to, renewal }: Subscription) {
  const plan = { id: planId, name: findPlan(planId)?.name ?? planId };
  return { planSubscriptionId, from, to, renewal, planVersion: { __typename: 'PlanVersion', id: `${planId}-1`, plan } };
}

function balanceView({ balanceId, balanceTypeId, value, from, to }: Account['balances'][number]) {
  const name = balanceTypes.find(({ id }) => id === balanceTypeId)?.name ?? balanceTypeId;
  return { balanceId, balanceType: { balanceTypeId, name }, available: value, value, from, to };
}
