import * as z from 'zod';

/** For how many days the events of unknown tenants and their unreadable events are kept, and for how many such a tenant is listed. */
export const UNKNOWN_TENANT_DAYS = 30;

export const UnknownTenant = z
  .object({
    tenant: z.string().meta({ description: 'As the events name it; `-` for all names beyond those that are listed one by one.' }),
    events: z.int().meta({ description: 'About how many events came since `firstSeenAt`, repeats not counted.' }),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'UnknownTenant' });
export type UnknownTenant = z.infer<typeof UnknownTenant>;
