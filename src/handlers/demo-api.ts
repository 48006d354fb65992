import { parseParameters } from '../api/serve-routes.ts';
import { type Configurations, createConfigurations } from '../configuration/configurations.ts';
import { listAccountEvents } from '../ingest/event-lists.ts';
import { demoNotification, isCounterNotGood } from '../lookup/demo-notification.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../platform/http.ts';
import { HttpProblem } from '../platform/problem.ts';
import { readSettings } from '../platform/settings.ts';
import { createTenantTables, type TenantTables } from '../platform/tenant-tables.ts';
import { DEMO_ROUTES } from '../schemas/api/demo-routes.ts';

const ITEMS = 25;
const ANY_TENANT = '*';
/** A tenant without a configuration gets the default rules for its counters. */
const NOTHING_CONFIGURED = { counters: [], currency: undefined };

export type DemoDependencies = {
  tables: TenantTables;
  configurations: Configurations;
  /** The tenant that needs no token, `*` for any; undefined when every tenant needs one. */
  demoTenant: string | undefined;
};

/** Lists an account's counters that are not in a good state, in the format of Totogi's demo front end. */
export function createHandler({ tables, configurations, demoTenant }: DemoDependencies) {
  return httpHandler('demo-api', async (request): Promise<HttpReply> => {
    const { query, reply } = DEMO_ROUTES.listDemoNotifications;
    const { providerId: tenant, accountId: account } = parseParameters(query, request.query, 'query');
    keepTenantWall(request, tenant, demoTenant);
    const configuration = (await configurations.current(tenant))?.configuration ?? NOTHING_CONFIGURED;
    const accepts = (event: Parameters<typeof demoNotification>[0]) => isCounterNotGood(event, configuration);
    const { entries } = await listAccountEvents(tables(tenant), { tenant, account, limit: ITEMS, descending: true, accepts });
    const items = entries.map(({ value }) => demoNotification(value, configuration));
    return { body: JSON.stringify(reply.parse({ items })) };
  });
}

/** With a token, only its tenant is open. Without one, only the demo tenant. */
function keepTenantWall({ claims }: HttpRequest, tenant: string, demoTenant: string | undefined): void {
  if (typeof claims.tenant === 'string' && claims.tenant === tenant) return;
  const isOpen = demoTenant === ANY_TENANT || demoTenant === tenant;
  if (isOpen) return;
  throw new HttpProblem(403, 'This route is not open for this tenant: `providerId` must be that of the token, or the demo tenant.');
}

function liveDependencies(): DemoDependencies {
  const { tableName, demoDataRole, demoTenant } = readSettings(['tableName', 'demoDataRole', 'demoTenant']);
  const tables = createTenantTables({ name: tableName, dataRole: demoDataRole });
  return { tables, configurations: createConfigurations(tables, () => Date.now()), demoTenant };
}

export const handler = createHandler(liveDependencies());
