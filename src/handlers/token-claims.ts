import type { PreTokenGenerationV3TriggerEvent } from 'aws-lambda';
import * as z from 'zod';
import { PLATFORM_TENANT } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { TenantId } from '../schemas/event/notification.ts';

const MACHINE = 'TokenGeneration_ClientCredentials';

/** A machine that the deployer lists may get the reserved tenant, which holds the events without a usable tenant. A person may not. */
const MachineTenant = z.union([TenantId, z.literal(PLATFORM_TENANT)]);

const TokenRequest = z.looseObject({
  triggerSource: z.string(),
  callerContext: z.looseObject({ clientId: z.string() }),
  request: z.looseObject({ userAttributes: z.record(z.string(), z.string()).nullish() }),
});
type TokenRequest = z.infer<typeof TokenRequest>;

type Claims = Pick<PreTokenGenerationV3TriggerEvent, 'response'>;

/**
 * Adds the claim `tenant` to an access token before the user pool issues it. A person's tenant comes from the attribute custom:tenant,
 * which only an administrator can set; a machine's comes from the deployer's list.
 *
 * Without a valid tenant the token gets no claim but keeps its scopes. The API then rejects it, because every tenant route requires the
 * claim.
 *
 * @param serviceClients the tenant of each machine client, by client id
 * @throws when Cognito sends anything but a token request; then no token is issued
 */
export function createHandler({ serviceClients }: { serviceClients: Record<string, string> }) {
  const tenants = new Map(Object.entries(serviceClients));
  return async (event: unknown): Promise<TokenRequest & Claims> => {
    const request = TokenRequest.parse(event);
    const named = tenantOf(request, tenants);
    const tenant = request.triggerSource === MACHINE ? MachineTenant.safeParse(named) : TenantId.safeParse(named);
    const claims = tenant.success ? { claimsToAddOrOverride: { tenant: tenant.data } } : {};
    return { ...request, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: claims } } };
  };
}

function tenantOf({ triggerSource, callerContext, request }: TokenRequest, tenants: Map<string, string>): string | undefined {
  return triggerSource === MACHINE ? tenants.get(callerContext.clientId) : request.userAttributes?.['custom:tenant'];
}

export const handler = createHandler(readSettings(['serviceClients']));
