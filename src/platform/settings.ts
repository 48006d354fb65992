import * as z from 'zod';
import { schemaFaults } from './schema-fault.ts';
import { parseTotogiHosts, TOTOGI_HOSTS } from './totogi-hosts.ts';
import { withoutEnding } from './without-ending.ts';

const MAX_STAGE_LENGTH = 12;
const MAX_SHARDS = 64;
const MIN_KEY_LENGTH = 32;

const text = z.string();

/** Without a trailing slash. */
const address = text
  .regex(/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/, 'an address such as "https://messages.example.com"')
  .transform((value) => withoutEnding(value, '/'));

const list = text.transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const pairs = list.transform((items, context): Record<string, string> => {
  const parts = items.map((item) => item.split('=').map((part) => part.trim()));
  if (parts.some((pair) => pair.length !== 2 || pair.includes(''))) context.addIssue('"clientId=tenant,clientId=tenant"');
  return Object.fromEntries(parts);
});

const hosts = text.transform((value, context) => {
  const parsed = parseTotogiHosts(value) ?? [];
  if (parsed.length === 0) context.addIssue('hosts such as "oauth.totogi.io", separated by commas');
  return parsed;
});

/** The current key first. A shorter value is a placeholder for a key that is not set yet. */
const keys = list
  .transform((values) => values.filter((key) => key.length >= MIN_KEY_LENGTH))
  .pipe(z.tuple([z.string(`a key of at least ${MIN_KEY_LENGTH} characters`)], text));

/** A variable that is empty counts as one that is missing. */
const SETTINGS = {
  stage: { variable: 'STAGE', schema: text.max(MAX_STAGE_LENGTH) },
  functionPrefix: { variable: 'FUNCTION_PREFIX', schema: text },
  tableName: { variable: 'TABLE_NAME', schema: text },
  metricsNamespace: { variable: 'POWERTOOLS_METRICS_NAMESPACE', schema: text },
  timelineShards: { variable: 'TIMELINE_SHARDS', schema: z.coerce.number().int().min(1).max(MAX_SHARDS) },
  /** Tenant by OAuth client id. */
  serviceClients: { variable: 'SERVICE_CLIENTS', schema: pairs.default({}) },
  /**
   * The base address of the public pages. Without it no marketing email is sent, because it would lack an unsubscribe link (over HTTPS for
   * mail programs, RFC 8058).
   */
  publicUrl: { variable: 'PUBLIC_URL', schema: address.optional() },
  /** The start of the queues' addresses. */
  queuesUrl: { variable: 'QUEUES_URL', schema: address },
  cursorKeys: { variable: 'CURSOR_KEYS', schema: keys },
  lookupDataRole: { variable: 'LOOKUP_API_DATA_ROLE', schema: text },
  profilesDataRole: { variable: 'PROFILES_API_DATA_ROLE', schema: text },
  operationsDataRole: { variable: 'OPERATIONS_API_DATA_ROLE', schema: text },
  offersDataRole: { variable: 'OFFERS_API_DATA_ROLE', schema: text },
  demoDataRole: { variable: 'DEMO_API_DATA_ROLE', schema: text },
  /** The tenant that needs no token for the demo route, `*` for any; undefined when every tenant needs one. */
  demoTenant: { variable: 'DEMO_TENANT', schema: text.optional() },
  /** The role for reading tenants' keys for Totogi. */
  keysRole: { variable: 'TOTOGI_KEYS_ROLE', schema: text },
  /** Empty: every tenant with a configuration. */
  takenTenants: { variable: 'TAKEN_TENANTS', schema: list.default([]) },
  /** Replaces every tenant's Totogi address, for a stand-in. */
  totogiUrl: { variable: 'TOTOGI_URL', schema: address.optional() },
  totogiHosts: { variable: 'TOTOGI_HOSTS', schema: hosts.default(TOTOGI_HOSTS) },
  /** Lambda sets it; local functions share a process and have none. */
  functionName: { variable: 'AWS_LAMBDA_FUNCTION_NAME', schema: text.optional() },
};

type SettingName = keyof typeof SETTINGS;
type Settings<Name extends SettingName> = { [Each in Name]: z.output<(typeof SETTINGS)[Each]['schema']> };

/**
 * Reads the settings that a function uses. The only place that reads the environment.
 *
 * @throws Error that names the function, and every one of these variables that is missing or wrong, without its value.
 */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  environment: NodeJS.ProcessEnv = process.env,
): Settings<Name> {
  const faults: string[] = [];
  const read = names.map((name) => {
    const { variable, schema } = SETTINGS[name];
    const value = environment[variable] || undefined;
    const { data, error } = schema.safeParse(value);
    if (error) faults.push(value === undefined ? `${variable} is missing` : `${variable}: ${detailsOf(error)}`);
    return [name, data];
  });
  if (faults.length === 0) return Object.fromEntries(read);
  const whose = environment[SETTINGS.functionName.variable] ?? 'this function';
  throw new Error(`The environment of ${whose} is not as serverless.yml sets it. ${faults.join('; ')}`);
}

function detailsOf({ issues }: z.ZodError): string {
  return issues
    .flatMap(schemaFaults)
    .map(({ detail }) => detail)
    .join(', ');
}
