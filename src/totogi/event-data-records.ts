import * as z from 'zod';
import { JsonObject } from './json-object.ts';
import { optional } from './nullable.ts';
import { ERROR_FIELDS, type Operation } from './outcome.ts';

/** Totogi's own limit. */
export const MAX_RECORDS_OF_PAGE = 25;

/** Totogi's own log of the account, one page at a time. A sent notification has the action `notify`. */
export const getEventDataRecordsByAccount = {
  name: 'getEventDataRecordsByAccount',
  document: `query getEventDataRecordsByAccount(
  $providerId: ID!
  $accountId: ID!
  $first: Int!
  $after: String
  $filterBy: EventDataRecordFilter
) {
  getEventDataRecordsByAccount(providerId: $providerId, accountId: $accountId, first: $first, after: $after, filterBy: $filterBy) {
    __typename
    ... on EventDataRecordAccountConnection {
      edges { node { id createdAt action eventData } }
      pageInfo { hasNextPage endCursor }
    }${ERROR_FIELDS}
  }
}`,
  done: z
    .object({
      __typename: z.literal('EventDataRecordAccountConnection'),
      edges: optional(
        z.array(z.object({ node: z.object({ id: z.string(), createdAt: z.string(), action: z.string(), eventData: JsonObject }) })),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: optional(z.string()) }),
    })
    .transform(({ edges, pageInfo }) => ({
      outcome: 'done' as const,
      records: (edges ?? []).map(({ node }) => node),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : undefined,
    })),
  refusals: ['AccountNotFound', 'InvalidProviderLifecycleStage'],
} as const satisfies Operation<unknown, string>;
