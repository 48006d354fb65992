import * as z from 'zod';
import { optional } from './nullable.ts';
import { ERROR_FIELDS, FIELD_ERROR, type Operation } from './outcome.ts';

/** What is asked for of a balance, wherever one stands. */
export const BALANCE_FIELDS = 'balanceId balanceType { balanceTypeId name } available value from to';

/** A balance, in its type's base units: bytes, seconds, messages, money. */
export const Balance = z.object({
  balanceId: z.string(),
  balanceType: z.object({ balanceTypeId: z.string(), name: z.string() }),
  available: optional(z.number()),
  value: optional(z.number()),
  from: optional(z.string()),
  to: optional(z.string()),
});

/** Done now, or by an earlier request with the same transaction id, of which Totogi tells no more. */
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

/** Gives an account a balance of a type. Harmless to repeat: the transaction id says that it is the same one. */
export const createBalance = {
  name: 'createBalance',
  document: `mutation createBalance($input: CreateBalanceInput!) {
  createBalance(input: $input) ${selection}
}`,
  done,
  refusals: ['AccountNotFound', 'BalanceTypeNotFound', 'InvalidField', 'PolicyCounterNotFound'],
} as const satisfies Operation<unknown, string>;

/** Credits, debits or sets a balance. Harmless to repeat: the transaction id says that it is the same one. */
export const updateBalance = {
  name: 'updateBalance',
  document: `mutation updateBalance($input: UpdateBalanceInput!) {
  updateBalance(input: $input) ${selection}
}`,
  done,
  refusals: ['BalanceNotFound', 'BalanceTypeNotFound', 'AccountNotFound', 'InvalidField', 'PolicyCounterNotFound'],
} as const satisfies Operation<unknown, string>;
