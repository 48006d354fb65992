import * as z from 'zod';
import { ULID_PATTERN } from '../event-id.ts';
import { AccountId, MAX_NAME_BYTES } from '../notification.ts';
import { plainId } from '../plain-id.ts';
import { PLATFORM_TENANT } from '../reserved-tenants.ts';

/** What a token may be allowed to do. The gateway also takes each behind Cognito's prefix. */
export type Scope = 'events:read' | 'profiles:read' | 'profiles:write' | 'offers:read' | 'operations';

/** What a route itself may refuse, beside what every route may. */
export const OWN_REFUSALS = [404, 409] as const;

/** Everything about a route but its work: the gateway, validation, the OpenAPI document and the tests follow it. */
export type Route = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: `/${string}`;
  /** The function that serves it: a file in `src/handlers`. */
  servedBy: `${string}-api` | `${string}-pages` | 'api-documents';
  /** What the token must be allowed to do. A route without is public. */
  scope?: Scope;
  /** A parameter of the stack that takes the token's place. */
  openedBy?: 'DemoTenant';
  /** How many requests of all callers together it takes, where that is fewer than the stage takes. */
  limit?: { perSecond: number; atOnce: number };
  summary: string;
  description?: string;
  pathParameters: z.ZodObject;
  query: z.ZodObject;
  /** Headers that it takes notice of, by their names in lower case. */
  headers?: z.ZodObject;
  /** What the request must carry, as JSON; a route without takes no notice of a body. */
  body?: z.ZodType;
  /** Nothing is then the same as `{}`. */
  bodyIsOptional?: boolean;
  /** A route without answers 204 and nothing more. */
  reply?: z.ZodType;
  /** JSON where it is not named. Of a page, `reply` is the page's text. */
  replyType?: 'text/html';
  /** The status of success, where it is neither 200 nor, without a reply, 204. */
  status?: 201 | 202;
  replies: string;
  /** Of a page that is posted to: when it answers 400, with the page. */
  invalidForm?: string;
  /** When it answers one of these. */
  problems?: Partial<Record<(typeof OWN_REFUSALS)[number], string>>;
  /** As they would be sent. Those of parameters stand with their schemas. */
  examples?: { body?: unknown; reply?: unknown };
};

/** A list in a reply; `next` is the cursor of the page that follows, or null. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item), next: z.string().nullable() });

/** As JSON Schema says it; its lengths are in characters. */
export const ACCOUNT_AS_DOCUMENTED = { type: 'string' as const, minLength: 1, maxLength: MAX_NAME_BYTES, pattern: '^[^#/\\\\]+$' };

export const Tenant = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a tenant')
  .meta({ param: { example: 'mvno-aurora' } });
/** A tenant, or the reserved one, which stands for what is of no tenant or of all. */
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
/** Of an account that something is set for: an id that looks like another's would be a second account. */
export const SetAccountPath = z.object({
  tenant: Tenant,
  account: plainId('an account')(Account),
});
export const EventPath = z.object({ tenant: Tenant, account: Account, eventId: EventId });

/** The gateway's name for a route: its method and path. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}

/** The status of a route's success. */
export function successStatus({ status, reply }: Pick<Route, 'status' | 'reply'>): 200 | 201 | 202 | 204 {
  return status ?? (reply ? 200 : 204);
}
