import * as z from 'zod';
import { PLATFORM_TENANT } from '../../platform/reserved-tenants.ts';
import { ULID_PATTERN } from '../../platform/ulid.ts';
import { AccountId, MAX_NAME_BYTES } from '../event/notification.ts';
import { plainId } from '../event/plain-id.ts';

/** The gateway also accepts each with Cognito's prefix. */
export type Scope = 'events:read' | 'profiles:read' | 'profiles:write' | 'offers:read' | 'operations';

/** A route's own errors, besides those that every route may return. */
export const OWN_REFUSALS = [404, 409] as const;

/** Everything about a route but its handler: the gateway, validation, the OpenAPI document and the tests use it. */
export type Route = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: `/${string}`;
  /** The function that serves it: a file in `src/handlers`. */
  servedBy: `${string}-api` | `${string}-pages` | 'api-documents';
  /** The scope that the token must have. A route without one is public. */
  scope?: Scope;
  /** A stack parameter that replaces the token. */
  openedBy?: 'DemoTenant';
  /** A limit for all callers together, if it is lower than the stage's. */
  limit?: { perSecond: number; atOnce: number };
  summary: string;
  description?: string;
  pathParameters: z.ZodObject;
  query: z.ZodObject;
  /** Names in lower case. */
  headers?: z.ZodObject;
  /** JSON. A route without it ignores the body. */
  body?: z.ZodType;
  /** No body then means `{}`. */
  bodyIsOptional?: boolean;
  /** A route without it answers 204 without a body. */
  reply?: z.ZodType;
  /** JSON by default. For a page, `reply` is its text. */
  replyType?: 'text/html';
  /** The success status, if it is neither 200 nor, without a reply, 204. */
  status?: 201 | 202;
  replies: string;
  /** For a page with a form: when it answers 400, with the page. */
  invalidForm?: string;
  problems?: Partial<Record<(typeof OWN_REFUSALS)[number], string>>;
  examples?: { body?: unknown; reply?: unknown };
};

export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item), next: z.string().nullable() });

/** For JSON Schema, whose lengths are in characters. */
export const ACCOUNT_AS_DOCUMENTED = { type: 'string' as const, minLength: 1, maxLength: MAX_NAME_BYTES, pattern: '^[^#/\\\\]+$' };

export const Tenant = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a tenant')
  .meta({ param: { example: 'mvno-aurora' } });
/** A tenant, or the reserved one for what belongs to no tenant or to all. */
export const TenantOrAll = z
  .union([Tenant, z.literal(PLATFORM_TENANT)], { error: 'a tenant' })
  .meta({ param: { example: 'mvno-aurora' }, override: { type: 'string', pattern: '^([A-Za-z0-9][A-Za-z0-9._-]{0,63}|-)$' } });
export const Account = z
  .string()
  .min(1, 'an account')
  .refine((account) => AccountId.safeParse(account).success, `an account: at most ${MAX_NAME_BYTES} bytes without "#", "/" and "\\"`)
  .meta({ param: { example: 'acc-2001' }, override: ACCOUNT_AS_DOCUMENTED });
export const EventId = z
  .string()
  .regex(ULID_PATTERN, 'an event id: a ULID of 26 characters')
  .meta({ param: { example: '01KQH8TTYTM3KJF3DRW8XWMH1X' } });

export const NoQuery = z.strictObject({});
export const TenantPath = z.object({ tenant: Tenant });
export const AccountPath = z.object({ tenant: Tenant, account: Account });
/** For routes that set something: an ID that looks like another one would be a second account. */
export const SetAccountPath = z.object({
  tenant: Tenant,
  account: plainId('an account')(Account),
});
export const EventPath = z.object({ tenant: Tenant, account: Account, eventId: EventId });

export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}

export function successStatus({ status, reply }: Pick<Route, 'status' | 'reply'>): 200 | 201 | 202 | 204 {
  return status ?? (reply ? 200 : 204);
}
