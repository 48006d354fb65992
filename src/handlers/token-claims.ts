import type { PreTokenGenerationV3TriggerEvent } from 'aws-lambda';
import * as z from 'zod';
import { settings } from '../runtime/settings.ts';
import { TenantId } from '../schemas/notification.ts';
import { PLATFORM_TENANT } from '../schemas/reserved-tenants.ts';

const MACHINE = 'TokenGeneration_ClientCredentials';

/** A machine that the deployer trusts with events of no usable tenant may have the reserved one; a person may not. */
const MachineTenant = z.union([TenantId, z.literal(PLATFORM_TENANT)]);

const TokenRequest = z.looseObject({
  triggerSource: z.string(),
  callerContext: z.looseObject({ clientId: z.string() }),
  request: z.looseObject({ userAttributes: z.record(z.string(), z.string()).nullish() }),
});
type TokenRequest = z.infer<typeof TokenRequest>;

type Claims = Pick<PreTokenGenerationV3TriggerEvent, 'response'>;

/**
 * Puts the claim `tenant` into an access token that the user pool is about to issue: a person's from the attribute custom:tenant,
 * which only an administrator can set, a machine's from the deployer's list.
 *
 * Whoever has no tenant, or one that is no tenant id, gets a token without the claim. Its scopes stay, and the API refuses it all the
 * same, since it answers nobody whose tenant it does not know.
 *
 * @param serviceClients which machine client (by client id) speaks for which tenant
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

export const handler = createHandler(settings());
