import * as z from 'zod';
import { PLATFORM_TENANT } from '../../platform/reserved-tenants.ts';
import { UNKNOWN_TENANT_DAYS, UnknownTenant } from '../operations/unknown-tenant.ts';
import { listOf, NoQuery, type Route } from './route.ts';

const OperatorPath = z.object({
  tenant: z
    .literal(PLATFORM_TENANT, { error: `the reserved tenant "${PLATFORM_TENANT}", which operates the service` })
    .meta({ param: { example: PLATFORM_TENANT } }),
});
const example: z.input<typeof UnknownTenant> = {
  tenant: 'mvno-new',
  events: 42,
  firstSeenAt: '2026-05-01T08:00:09.112Z',
  lastSeenAt: '2026-05-02T10:12:00.004Z',
};

export const UNKNOWN_TENANT_ROUTES = {
  listUnknownTenants: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/unknown-tenants',
    servedBy: 'lookup-api',
    scope: 'operations',
    summary: 'List unknown tenants',
    description: `Tenants with events in the last ${UNKNOWN_TENANT_DAYS} days that the service does not accept: they are not in the stack's parameter \`takenTenants\` or, if that is empty, have no configuration. At most 1,000, the latest first. The list belongs to the reserved tenant \`${PLATFORM_TENANT}\`.`,
    pathParameters: OperatorPath,
    query: NoQuery,
    reply: listOf(UnknownTenant),
    replies: 'The tenants',
    examples: { reply: { data: [example], next: null } },
  },
} as const satisfies Record<string, Route>;
