import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';

/** What Totogi knows of an account, as far as workflows and rules use it. Times are RFC 3339. */
export type KnownFacts = {
  /** `+/-hh:mm` or a zone's name. */
  timeZone: string;
  /** The probability that the account will churn, 0 to 1. */
  churnScore: number | undefined;
  lifecycleState: string | undefined;
  customProperties: Record<string, unknown>;
  plans: { planId: string; planSubscriptionId: string; to: string | undefined; renewal: string | undefined }[];
};

export type NoFactsReason = 'not-configured' | 'account-not-found' | 'provider-not-active' | 'unreachable';

/** `at` is when the facts were read (milliseconds since the epoch). */
export type AccountFacts = { known: true; facts: KnownFacts; at: number } | { known: false; why: NoFactsReason; at: number };

/** Never throws for an outage of Totogi: the caller continues without facts. The facts may be a minute old. */
export type ReadAccountFacts = (configuration: TenantConfiguration, account: string) => Promise<AccountFacts>;
