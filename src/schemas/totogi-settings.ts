import * as z from 'zod';

const HttpsUrl = z.url({ protocol: /^https$/, error: 'an address such as "https://gql.example.com/graphql"' });

/** How this service reaches the tenant's Totogi. Key and secret stand in AWS Secrets Manager, under a name that follows from stage and tenant. */
export const TotogiSettings = z
  .strictObject({
    /** The AWS Region that it runs in. */
    region: z.enum(['us-east-1', 'ap-southeast-1']).optional(),
    /** The GraphQL address, instead of a region. */
    endpoint: HttpsUrl.optional(),
    tokenUrl: HttpsUrl.optional(),
    scope: z.string().min(1).optional(),
    /** The tenant as Totogi knows it, where that is another name. */
    providerId: z.string().min(1).max(100).optional(),
  })
  .refine(({ region, endpoint }) => (region === undefined) !== (endpoint === undefined), {
    path: ['region'],
    error: 'either a region ("us-east-1" or "ap-southeast-1") or an endpoint',
  });
