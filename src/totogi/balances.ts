import * as z from 'zod';
import { optional } from './nullable.ts';
import { ERROR_FIELDS, FIELD_ERROR, type Operation } from './outcome.ts';

export const BALANCE_FIELDS = 'balanceId balanceType { balanceTypeId name } available value from to';

/** In the type's base units: bytes, seconds, messages, money. */
export const Balance = z.object({
  balanceId: z.string(),
  balanceType: z.object({ balanceTypeId: z.string(), name: z.string() }),
  available: optional(z.number()),
  value: optional(z.number()),
  from: optional(z.string()),
  to: optional(z.string()),
});

/** `before`: an earlier request with the same transaction id did it. Totogi then returns no balances. */
const done = z.discriminatedUnion('__typename', [
  z
    .object({ __typename: z.literal('BalancePayload'), balanceInfos: optional(z.array(Balance)) })
    .transform(({ balanceInfos }) => ({ outcome: 'done' as const, before: false, balances: balanceInfos ?? [] })),
  z.object({ __typename: z.literal('TransactionHasBeenProcessed') }).transform(() => ({
    outcome: 'done' as const,
    before: true,
    balances: [],
  })),
]);

const selection = `{
    __typename
    ... on BalancePayload { balanceInfos { ${BALANCE_FIELDS} } }${ERROR_FIELDS}
    ${FIELD_ERROR}
  }`;

/** Safe to repeat with the same transaction id. */
export const createBalance = {
  name: 'createBalance',
  document: `mutation createBalance($input: CreateBalanceInput!) {
  createBalance(input: $input) ${selection}
}`,
  done,
  refusals: ['AccountNotFound', 'BalanceTypeNotFound', 'InvalidField', 'PolicyCounterNotFound'],
} as const satisfies Operation<unknown, string>;

/** Safe to repeat with the same transaction id. */
export const updateBalance = {
  name: 'updateBalance',
  document: `mutation updateBalance($input: UpdateBalanceInput!) {
  updateBalance(input: $input) ${selection}
}`,
  done,
  refusals: ['BalanceNotFound', 'BalanceTypeNotFound', 'AccountNotFound', 'InvalidField', 'PolicyCounterNotFound'],
} as const satisfies Operation<unknown, string>;
