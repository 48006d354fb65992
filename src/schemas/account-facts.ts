import type { TenantConfiguration } from './tenant-configuration.ts';

/** What Totogi knows of an account, as far as workflows and rules use it. Times are RFC 3339. */
export type KnownFacts = {
  /** `+/-hh:mm` or a zone's name. */
  timeZone: string;
  /** The probability that the account will churn, 0 to 1. */
  churnScore: number | undefined;
  /** The state of its lifecycle, by the tenant's own name for it. */
  lifecycleState: string | undefined;
  /** What the tenant keeps on its accounts, by its own schema. */
  customProperties: Record<string, unknown>;
  plans: { planId: string; planSubscriptionId: string; to: string | undefined; renewal: string | undefined }[];
};

export type NoFactsReason = 'not-configured' | 'account-not-found' | 'provider-not-active' | 'unreachable';

/** What is known and when that was read (milliseconds since the epoch), or why nothing is. */
export type AccountFacts = { known: true; facts: KnownFacts; at: number } | { known: false; why: NoFactsReason; at: number };

/** Never fails for Totogi's sake: whoever asks goes on with what there is. What it answers may be a minute old. */
export type ReadAccountFacts = (configuration: TenantConfiguration, account: string) => Promise<AccountFacts>;
