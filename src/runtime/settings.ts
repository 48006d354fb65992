import * as z from 'zod';

const LONGEST_STAGE = 12;

const ServiceClients = z
  .string()
  .default('')
  .transform((text, context) => {
    const pairs = text.split(',').filter((pair) => pair.trim() !== '');
    const clients = pairs.map((pair) => pair.split('=').map((part) => part.trim()));
    if (clients.every((parts) => parts.length === 2 && parts.every((part) => part !== '')))
      return Object.fromEntries(clients) as Record<string, string>;
    context.addIssue({ code: 'custom', message: 'expected "clientId=tenant,clientId=tenant"' });
    return z.NEVER;
  });

/** An address, without a slash at the end; an empty value is none. */
const Url = z
  .string()
  .regex(/^(https?:\/\/[^\s/?#]+(\/[^\s?#]*)?)?$/, 'expected an address such as "https://messages.example.com"')
  .transform((url) => url.replace(/\/+$/, '') || undefined)
  .optional();

const SHORTEST_KEY = 32;

/** Keys, separated by commas, the one in use first. What is too short for a key holds the place of one that is not there yet. */
const CursorKeys = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((key) => key.length >= SHORTEST_KEY));

const Settings = z.object({
  STAGE: z.string().min(1).max(LONGEST_STAGE),
  FUNCTION_PREFIX: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  POWERTOOLS_METRICS_NAMESPACE: z.string().default('totogi-notifications'),
  TIMELINE_SHARDS: z.coerce.number().int().min(1).max(64).default(8),
  SERVICE_CLIENTS: ServiceClients,
  PUBLIC_URL: Url,
  QUEUES_URL: z.string().optional(),
  CURSOR_KEYS: CursorKeys,
  LOOKUP_API_DATA_ROLE: z.string().default(''),
  PROFILES_API_DATA_ROLE: z.string().default(''),
  OPERATIONS_API_DATA_ROLE: z.string().default(''),
  OFFERS_API_DATA_ROLE: z.string().default(''),
  DEMO_API_DATA_ROLE: z.string().default(''),
  DEMO_TENANT: z.string().default(''),
  TOTOGI_URL: Url,
});

/** What a function is told by its environment. */
export type Settings = {
  stage: string;
  functionPrefix: string;
  tableName: string;
  metricsNamespace: string;
  timelineShards: number;
  /** Which tenant a machine's OAuth client stands for. */
  serviceClients: Record<string, string>;
  /** Where the public pages are reached. Without it no marketing email goes out: nobody could unsubscribe (mail programs: over HTTPS, RFC 8058). */
  publicUrl: string | undefined;
  /** What the addresses of this account's queues begin with, without a slash at the end. Only functions that send to queues have it. */
  queuesUrl: string | undefined;
  /** What cursors are signed with, the key in use first. Only functions that answer lists have any. */
  cursorKeys: string[];
  /** The roles under which functions behind the API touch records: each function is told its own. */
  dataRoles: Record<'lookup-api' | 'profiles-api' | 'operations-api' | 'offers-api' | 'demo-api', string>;
  /** The tenant that the demo route is open for, `*` for any; empty where it asks for a token. */
  demoTenant: string;
  /** A stand-in for Totogi, instead of each tenant's own address. */
  totogiUrl: string | undefined;
};

/**
 * Reads the environment, the only place that does.
 *
 * @throws Error that names every missing or wrong variable.
 */
export function settings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const parsed = Settings.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new Error(`The function's environment is not as serverless.yml sets it. ${faults}`);
  }
  const { data } = parsed;
  return {
    stage: data.STAGE,
    functionPrefix: data.FUNCTION_PREFIX,
    tableName: data.TABLE_NAME,
    metricsNamespace: data.POWERTOOLS_METRICS_NAMESPACE,
    timelineShards: data.TIMELINE_SHARDS,
    serviceClients: data.SERVICE_CLIENTS,
    publicUrl: data.PUBLIC_URL,
    queuesUrl: data.QUEUES_URL,
    cursorKeys: data.CURSOR_KEYS,
    dataRoles: {
      'lookup-api': data.LOOKUP_API_DATA_ROLE,
      'profiles-api': data.PROFILES_API_DATA_ROLE,
      'operations-api': data.OPERATIONS_API_DATA_ROLE,
      'offers-api': data.OFFERS_API_DATA_ROLE,
      'demo-api': data.DEMO_API_DATA_ROLE,
    },
    demoTenant: data.DEMO_TENANT,
    totogiUrl: data.TOTOGI_URL,
  };
}
