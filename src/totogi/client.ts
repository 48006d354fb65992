import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';
import { reachOf, TOTOGI_HOSTS } from '../schemas/totogi-hosts.ts';
import { createAccessTokens } from './access-tokens.ts';
import { getAccount, updateAccount } from './account.ts';
import { createBalance, updateBalance } from './balances.ts';
import { getEventDataRecordsByAccount, MAX_RECORDS_OF_PAGE } from './event-data-records.ts';
import { type Access, ask, type GraphqlDependencies } from './graphql.ts';
import { subscribeToPlan, updatePlanSubscription } from './plan-subscriptions.ts';
import { getPlans } from './plans.ts';
import { type ReadSecret, totogiSecretName } from './secrets.ts';

/** By the AWS Region that a tenant's Totogi runs in. */
const ENDPOINTS = {
  'us-east-1': 'https://gql.produseast1.api.totogi.com/graphql',
  'ap-southeast-1': 'https://gql.prodapsoutheast1.api.totogi.com/graphql',
} as const;
const TOKEN_URL = 'https://oauth.totogi.io/oauth2/token';
const DEADLINE_MILLISECONDS = 10_000;
const MAX_PLANS_OF_PAGE = 100;

export type TotogiDependencies = {
  readSecret: ReadSecret;
  /** The clock, in milliseconds since the epoch. */
  now: () => number;
  /** Stands in the names of the secrets. */
  stage: string;
  /** Where a stand-in takes the place of Totogi's own addresses, those of tokens too. */
  url?: string | undefined;
  /** The hosts that secrets may be sent to: Totogi's own unless the service's operator lists others. */
  hosts?: readonly string[] | undefined;
  /** How long one request may take, 10 seconds unless told otherwise. */
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

/** Totogi as one tenant uses it. Every method answers `done` or Totogi's plain no, and throws where it came to no answer (failures.ts). */
export type TenantTotogi = ReturnType<typeof tenantTotogi>;

/** Totogi's API for the tenants that are configured for it. */
export type Totogi = { reference(configuration: TenantConfiguration): TenantTotogi | undefined };

/** Opens the client. Tokens are kept for as long as it lives. */
export function createTotogiClient(deps: TotogiDependencies): Totogi {
  const { readSecret, now, hosts = TOTOGI_HOSTS, url, deadlineMilliseconds = DEADLINE_MILLISECONDS } = deps;
  const limits = { now, mayReach: reachOf(hosts, url) };
  const request = { ...limits, tokens: createAccessTokens(readSecret, limits), deadlineMilliseconds };
  return {
    reference(configuration) {
      const { tenant, totogi } = configuration;
      if (totogi === undefined) return undefined;
      return tenantTotogi(request, accessOf(tenant, totogi, deps), totogi.providerId ?? tenant);
    },
  };
}

/** Where a tenant's Totogi answers, where its tokens come from, and which secret holds key and secret. */
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
    /** At most once: a repeat subscribes again. */
    subscribeToPlan: ({ account, ...grant }: PlanGrant) =>
      ask(deps, access, { operation: subscribeToPlan, variables: { input: { ...accountKey(account), ...grant } } }),
    /** At most once: a repeat switches again. */
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
    /** Sets the state of an account's lifecycle. Harmless to repeat, but for a stay that begins again. */
    updateAccount: ({ account, lifecycleId, ...lifecycle }: LifecycleChange) => {
      const input = { ...accountKey(account), accountLifecycle: { lifecycle: lifecycleId, ...lifecycle } };
      return ask(deps, access, { operation: updateAccount, variables: { input } });
    },
    /** A page of an account's event data records; `next` goes into `after`. */
    getEventDataRecordsByAccount: ({ account, from, to, after }: RecordsQuery) => {
      const filterBy = { ...(from && { from }), ...(to && { to }) };
      const variables = { ...accountKey(account), first: MAX_RECORDS_OF_PAGE, ...(after && { after }), filterBy };
      return ask(deps, access, { operation: getEventDataRecordsByAccount, variables });
    },
  };
}
