import * as z from 'zod';
import { optional } from './nullable.ts';
import { ERROR_FIELDS, FIELD_ERROR, type Operation } from './outcome.ts';

export const PLAN_SUBSCRIPTION_FIELDS = 'planSubscriptionId from to renewal planVersion { id plan { id name } }';

/** Times are RFC 3339. */
export const PlanSubscription = z.object({
  planSubscriptionId: z.string(),
  from: optional(z.string()),
  /** A recurring plan ends in the year 3000. */
  to: optional(z.string()),
  /** Set for a recurring plan. */
  renewal: optional(z.string()),
  planVersion: z.object({ id: z.string(), plan: z.object({ id: z.string(), name: z.string() }) }),
});
export type PlanSubscription = z.infer<typeof PlanSubscription>;

const selection = `{
    __typename
    ... on SubscribeToPlanVersionPayload { subscribedPlanVersion { ${PLAN_SUBSCRIPTION_FIELDS} } }${ERROR_FIELDS}
    ${FIELD_ERROR}
  }`;

const done = z
  .object({ __typename: z.literal('SubscribeToPlanVersionPayload'), subscribedPlanVersion: PlanSubscription })
  .transform(({ subscribedPlanVersion }) => ({ outcome: 'done' as const, subscription: subscribedPlanVersion }));

const refusals = [
  'PlanVersionNotFound',
  'PlanVersionIsNotAssignable',
  'AccountNotFound',
  'SubscriptionNotFound',
  'InvalidField',
  'SubscribeToPlanVersionValidationFailed',
  'InvalidProviderLifecycleStage',
  'PlanNotFound',
  'PlanAliasNotFound',
  'PlanAliasNotActive',
  'FeatureNotEnabled',
] as const;

/** Has no transaction id: a repeat subscribes and charges again. */
export const subscribeToPlan = {
  name: 'subscribeToPlan',
  document: `mutation subscribeToPlan($input: SubscribeToPlanVersionInput!) {
  subscribeToPlan(input: $input) ${selection}
}`,
  done,
  refusals,
} as const satisfies Operation<unknown, string>;

/** Has no transaction id: a repeat switches again. */
export const updatePlanSubscription = {
  name: 'updatePlanSubscription',
  document: `mutation updatePlanSubscription($input: UpdatePlanSubscriptionInput!) {
  updatePlanSubscription(input: $input) ${selection}
}`,
  done,
  refusals,
} as const satisfies Operation<unknown, string>;
