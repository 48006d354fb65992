import { reachOf, TOTOGI_HOSTS } from '../platform/totogi-hosts.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import { createAccessTokens } from './access-tokens.ts';
import { getAccount, updateAccount } from './account.ts';
import { createBalance, updateBalance } from './balances.ts';
import { getEventDataRecordsByAccount, MAX_RECORDS_OF_PAGE } from './event-data-records.ts';
import { type Access, ask, type GraphqlDependencies } from './graphql.ts';
import { subscribeToPlan, updatePlanSubscription } from './plan-subscriptions.ts';
import { getPlans } from './plans.ts';
import { type ReadSecret, totogiSecretName } from './secrets.ts';

const ENDPOINTS = {
  'us-east-1': 'https://gql.produseast1.api.totogi.com/graphql',
  'ap-southeast-1': 'https://gql.prodapsoutheast1.api.totogi.com/graphql',
} as const;
const TOKEN_URL = 'https://oauth.totogi.io/oauth2/token';
const DEADLINE_MILLISECONDS = 10_000;
const MAX_PLANS_OF_PAGE = 100;

export type TotogiDependencies = {
  readSecret: ReadSecret;
  /** Milliseconds since the epoch. */
  now: () => number;
  stage: string;
  /** The base address of a stand-in, for GraphQL and tokens. */
  url?: string | undefined;
  /** The hosts that may receive secrets: Totogi's own unless the operator allows others. */
  hosts?: readonly string[] | undefined;
  deadlineMilliseconds?: number;
};

export type PlanSwitch = { account: string; planSubscriptionId: string; planId: string; from?: string; to?: string };
export type PlanGrant = { account: string; planId: string; from?: string; to?: string };
export type BalanceGrant = {
  account: string;
  transactionId: string;
  balanceTypeId: string;
  value: number;
  priority?: number;
  from?: string;
  to?: string;
};
export type BalanceChange = {
  account: string;
  transactionId: string;
  balanceId: string;
  adjustment: 'CREDIT' | 'DEBIT' | 'SET';
  value: number;
  to?: string;
};
export type LifecycleChange = { account: string; lifecycleId: string; state: string; expiryDays?: number };
/** `from` <= t < `to`, both RFC 3339. */
export type RecordsQuery = { account: string; from?: string; to?: string; after?: string };

/** Every method returns `done` or `rejected`, and throws when Totogi gave no answer (failures.ts). */
export type TenantTotogi = ReturnType<typeof tenantTotogi>;

/** Undefined for a tenant without Totogi in its configuration. The deadline is that of each request. */
export type Totogi = { forTenant(configuration: TenantConfiguration, deadlineMilliseconds?: number): TenantTotogi | undefined };

/** Caches tokens for the client's lifetime. */
export function createTotogiClient(deps: TotogiDependencies): Totogi {
  const { readSecret, now, hosts = TOTOGI_HOSTS, url } = deps;
  const limits = { now, mayReach: reachOf(hosts, url) };
  const request = { ...limits, tokens: createAccessTokens(readSecret, limits) };
  return {
    forTenant(configuration, deadlineMilliseconds = deps.deadlineMilliseconds ?? DEADLINE_MILLISECONDS) {
      const { tenant, totogi } = configuration;
      if (totogi === undefined) return undefined;
      return tenantTotogi({ ...request, deadlineMilliseconds }, accessOf(tenant, totogi, deps), totogi.providerId ?? tenant);
    },
  };
}

export function accessOf(
  tenant: string,
  settings: NonNullable<TenantConfiguration['totogi']>,
  { stage, url }: Pick<TotogiDependencies, 'stage' | 'url'>,
): Access {
  const { region, endpoint, tokenUrl, scope } = settings;
  const own = { url: endpoint ?? ENDPOINTS[region ?? 'us-east-1'], tokenUrl: tokenUrl ?? TOKEN_URL };
  const addresses = url === undefined ? own : { url: `${url}/graphql`, tokenUrl: `${url}/oauth2/token` };
  return { ...addresses, scope, tenant, secretName: totogiSecretName(stage, tenant) };
}

function tenantTotogi(deps: GraphqlDependencies, access: Access, providerId: string) {
  const accountKey = (account: string) => ({ providerId, accountId: account });
  return {
    getAccount: (account: string) => ask(deps, access, { operation: getAccount, variables: accountKey(account) }),
    getPlans: (after?: string) =>
      ask(deps, access, { operation: getPlans, variables: { providerId, first: MAX_PLANS_OF_PAGE, ...(after && { after }) } }),
    /** Not safe to repeat: a repeat subscribes again. */
    subscribeToPlan: ({ account, ...grant }: PlanGrant) =>
      ask(deps, access, { operation: subscribeToPlan, variables: { input: { ...accountKey(account), ...grant } } }),
    /** Not safe to repeat: a repeat switches again. */
    updatePlanSubscription: ({ account, ...change }: PlanSwitch) =>
      ask(deps, access, { operation: updatePlanSubscription, variables: { input: { ...accountKey(account), ...change } } }),
    createBalance: ({ account, transactionId, priority = 0, ...balance }: BalanceGrant) => {
      const input = { ...accountKey(account), transactionId, balanceInfos: [{ priority, ...balance }] };
      return ask(deps, access, { operation: createBalance, variables: { input } });
    },
    updateBalance: ({ account, transactionId, value, ...change }: BalanceChange) => {
      const input = { ...accountKey(account), transactionId, balanceInfos: [{ ...change, balanceValue: value }] };
      return ask(deps, access, { operation: updateBalance, variables: { input } });
    },
    /** Safe to repeat, except that the time in the state restarts. */
    updateAccount: ({ account, lifecycleId, ...lifecycle }: LifecycleChange) => {
      const input = { ...accountKey(account), accountLifecycle: { lifecycle: lifecycleId, ...lifecycle } };
      return ask(deps, access, { operation: updateAccount, variables: { input } });
    },
    /** Pass `next` as `after` for the next page. */
    getEventDataRecordsByAccount: ({ account, from, to, after }: RecordsQuery) => {
      const filterBy = { ...(from && { from }), ...(to && { to }) };
      const variables = { ...accountKey(account), first: MAX_RECORDS_OF_PAGE, ...(after && { after }), filterBy };
      return ask(deps, access, { operation: getEventDataRecordsByAccount, variables });
    },
  };
}
