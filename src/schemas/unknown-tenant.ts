import * as z from 'zod';

/** How long events of tenants that are not taken are kept, what cannot be read among them, and how long such a tenant is listed. */
export const UNKNOWN_TENANT_DAYS = 30;

/** A tenant whose events come and are not taken. */
export const UnknownTenant = z
  .object({
    tenant: z.string().meta({ description: 'As the events name it; `-` for all names beyond those that are listed one by one.' }),
    events: z.int().meta({ description: 'About how many events came since `firstSeenAt`, repeats not counted.' }),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'UnknownTenant' });
export type UnknownTenant = z.infer<typeof UnknownTenant>;
