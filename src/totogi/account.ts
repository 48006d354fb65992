import * as z from 'zod';
import { BALANCE_FIELDS, Balance } from './balances.ts';
import { JsonObject } from './json-object.ts';
import { optional } from './nullable.ts';
import { ERROR_FIELDS, FIELD_ERROR, type Operation } from './outcome.ts';
import { PLAN_SUBSCRIPTION_FIELDS, PlanSubscription } from './plan-subscriptions.ts';

const Lifecycle = z.object({
  lifecycle: z.object({ id: z.string(), name: z.string() }),
  state: z.string(),
  transitionTime: z.string(),
  expiryDate: optional(z.string()),
});

const subscriptions = z
  .array(PlanSubscription.nullable())
  .nullish()
  .transform((list) => (list ?? []).filter((one) => one !== null));

/** Totogi stores no phone, email, language or consent of an account, except what the tenant puts into `customProperties`. */
const Account = z.object({
  /** `+/-hh:mm` or a zone's name. */
  timezone: z.string(),
  /** A probability from 0 to 1. */
  churnScore: optional(z.number()),
  customProperties: JsonObject,
  accountLifecycle: optional(Lifecycle),
  balances: z.array(Balance),
  activePlanVersions: subscriptions,
  /** A new plan stays here until its first charge. */
  inactivePlanVersions: subscriptions,
});
export type TotogiAccount = z.infer<typeof Account>;

export const getAccount = {
  name: 'getAccount',
  document: `query getAccount($providerId: ID!, $accountId: ID!) {
  getAccount(providerId: $providerId, accountId: $accountId) {
    __typename
    ... on Account {
      timezone
      churnScore
      customProperties
      accountLifecycle { lifecycle { id name } state transitionTime expiryDate }
      balances { ${BALANCE_FIELDS} }
      activePlanVersions { ${PLAN_SUBSCRIPTION_FIELDS} }
      inactivePlanVersions { ${PLAN_SUBSCRIPTION_FIELDS} }
    }${ERROR_FIELDS}
  }
}`,
  done: Account.extend({ __typename: z.literal('Account') }).transform(({ __typename: _, ...account }) => ({
    outcome: 'done' as const,
    account: account satisfies TotogiAccount,
  })),
  refusals: ['AccountNotFound', 'InvalidProviderLifecycleStage'],
} as const satisfies Operation<unknown, string>;

/** `expiryDays` is how long the account stays in the state; without it the lifecycle's default applies. */
export const updateAccount = {
  name: 'updateAccount',
  document: `mutation updateAccount($input: UpdateAccountInput!) {
  updateAccount(input: $input) {
    __typename
    ... on UpdateAccountPayload { account { accountLifecycle { state } } }${ERROR_FIELDS}
    ${FIELD_ERROR}
  }
}`,
  done: z
    .object({
      __typename: z.literal('UpdateAccountPayload'),
      account: z.object({ accountLifecycle: optional(z.object({ state: z.string() })) }),
    })
    .transform(({ account }) => ({ outcome: 'done' as const, lifecycleState: account.accountLifecycle?.state })),
  refusals: [
    'AccountNotFound',
    'InvalidField',
    'CannotChangeAccountType',
    'PostpaidFieldInPrepaidAccount',
    'CannotSetLongFirstBillingCycle',
    'DayOfMonthAlreadySet',
    'LifecycleNotFound',
    'InvalidProviderLifecycleStage',
  ],
} as const satisfies Operation<unknown, string>;
