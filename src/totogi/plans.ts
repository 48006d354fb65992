import * as z from 'zod';
import { optional } from './nullable.ts';
import type { Operation } from './outcome.ts';

/** The result is not a union: Totogi documents no errors for it. */
export const getPlans = {
  name: 'getPlans',
  document: `query getPlans($providerId: ID!, $first: Int!, $after: String) {
  getPlans(providerId: $providerId, first: $first, after: $after) {
    edges { node { id name } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  done: z
    .object({
      edges: z.array(z.object({ node: z.object({ id: z.string(), name: z.string() }) })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: optional(z.string()) }),
    })
    .transform(({ edges, pageInfo }) => ({
      outcome: 'done' as const,
      plans: edges.map(({ node }) => node),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : undefined,
    })),
  refusals: [],
} as const satisfies Operation<unknown, string>;
