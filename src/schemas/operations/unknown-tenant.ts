import * as z from 'zod';

/** For how many days the events of unknown tenants and their unreadable events are kept, and for how many such a tenant is listed. */
export const UNKNOWN_TENANT_DAYS = 30;

export const UnknownTenant = z
  .object({
    tenant: z.string().meta({ description: 'The name in the events; `-` for all names beyond those listed separately.' }),
    events: z.int().meta({ description: 'The approximate number of events since `firstSeenAt`, without repeats.' }),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'UnknownTenant' });
export type UnknownTenant = z.infer<typeof UnknownTenant>;
