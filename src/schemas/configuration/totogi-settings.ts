import * as z from 'zod';
import { hostOf } from '../../platform/totogi-hosts.ts';
import { oneLine, whenFieldsHold } from './bounds.ts';

/** The list of allowed hosts is not known here: `config:check`, publishing and the client check it. */
const HttpsUrl = z
  .string()
  .refine((address) => hostOf(address) !== undefined, 'an address such as "https://gql.example.com/graphql", with no user, port or query');

/** Key and secret are in AWS Secrets Manager, under a name that follows from stage and tenant. */
export const TotogiSettings = z
  .strictObject({
    region: z.enum(['us-east-1', 'ap-southeast-1']).optional(),
    endpoint: HttpsUrl.optional(),
    tokenUrl: HttpsUrl.optional(),
    scope: oneLine(200).optional(),
    /** The tenant's name in Totogi, if it differs. */
    providerId: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a provider id as Totogi sends it')
      .optional(),
  })
  .refine(({ region, endpoint }) => (region === undefined) !== (endpoint === undefined), {
    ...whenFieldsHold,
    path: ['region'],
    error: 'either a region ("us-east-1" or "ap-southeast-1") or an endpoint',
  });
