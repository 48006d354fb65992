import { parseTotogiHosts, TOTOGI_HOSTS } from './totogi-hosts.ts';
import { withoutEnding } from './without-ending.ts';

const MAX_STAGE_LENGTH = 12;
const MAX_SHARDS = 64;
const MIN_KEY_LENGTH = 32;

export type Settings = {
  stage: string;
  functionPrefix: string;
  tableName: string;
  metricsNamespace: string;
  timelineShards: number;
  /** Tenant by OAuth client id. */
  serviceClients: Record<string, string>;
  /**
   * The base address of the public pages. Without it no marketing email is sent, because it would lack an unsubscribe link (over HTTPS for
   * mail programs, RFC 8058).
   */
  publicUrl: string | undefined;
  /** The start of the queues' addresses, without a trailing slash. Only functions that send to queues have it. */
  queuesUrl: string | undefined;
  /** Signing keys, the current one first. Only functions that answer lists have any. */
  cursorKeys: string[];
  /** Each function gets only its own. */
  dataRoles: Record<'lookup-api' | 'profiles-api' | 'operations-api' | 'offers-api' | 'demo-api', string>;
  /** The tenant that needs no token for the demo route, `*` for any; empty when every tenant needs one. */
  demoTenant: string;
  /** The role for reading tenants' keys for Totogi. Only workflows have it. */
  keysRole: string;
  /** Empty: every tenant with a configuration. Only the consumer has it. */
  takenTenants: string[];
  /** Replaces every tenant's Totogi address, for a stand-in. */
  totogiUrl: string | undefined;
  totogiHosts: string[];
};

/**
 * The only place that reads the environment. Runs when a function loads, so it is plain code: schemas would be slower.
 *
 * @throws Error that names every missing or wrong variable.
 */
export function settings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const { faults, text, name, wholeNumber, address, hosts, pairs } = readerOf(environment);
  const read: Settings = {
    stage: name('STAGE', MAX_STAGE_LENGTH),
    functionPrefix: name('FUNCTION_PREFIX'),
    tableName: name('TABLE_NAME'),
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? 'totogi-notifications',
    timelineShards: wholeNumber('TIMELINE_SHARDS', { most: MAX_SHARDS, otherwise: 8 }),
    serviceClients: pairs('SERVICE_CLIENTS'),
    publicUrl: address('PUBLIC_URL'),
    queuesUrl: environment.QUEUES_URL,
    // A shorter value is a placeholder for a key that is not set yet.
    cursorKeys: text('CURSOR_KEYS')
      .split(',')
      .filter((key) => key.length >= MIN_KEY_LENGTH),
    dataRoles: {
      'lookup-api': text('LOOKUP_API_DATA_ROLE'),
      'profiles-api': text('PROFILES_API_DATA_ROLE'),
      'operations-api': text('OPERATIONS_API_DATA_ROLE'),
      'offers-api': text('OFFERS_API_DATA_ROLE'),
      'demo-api': text('DEMO_API_DATA_ROLE'),
    },
    demoTenant: text('DEMO_TENANT'),
    keysRole: text('TOTOGI_KEYS_ROLE'),
    takenTenants: text('TAKEN_TENANTS')
      .split(',')
      .map((tenant) => tenant.trim())
      .filter((tenant) => tenant !== ''),
    totogiUrl: address('TOTOGI_URL'),
    totogiHosts: hosts('TOTOGI_HOSTS'),
  };
  if (faults.length > 0) throw new Error(`The function's environment is not as serverless.yml sets it. ${faults.join('; ')}`);
  return read;
}

/** Collects all faults, so that one error names them all. */
function readerOf(environment: NodeJS.ProcessEnv) {
  const faults: string[] = [];
  const text = (variable: string) => environment[variable] ?? '';
  return {
    faults,
    text,
    name(variable: string, longest?: number): string {
      const value = text(variable);
      if (value === '') faults.push(`${variable}: expected a name`);
      if (longest !== undefined && value.length > longest) faults.push(`${variable}: expected at most ${longest} characters`);
      return value;
    },
    wholeNumber(variable: string, { most, otherwise }: { most: number; otherwise: number }): number {
      const value = Number(environment[variable] ?? otherwise);
      if (!Number.isInteger(value) || value < 1 || value > most) faults.push(`${variable}: expected a whole number from 1 to ${most}`);
      return value;
    },
    /** Without a trailing slash; undefined when empty. */
    address(variable: string): string | undefined {
      const value = text(variable);
      if (!/^(https?:\/\/[^\s/?#]+(\/[^\s?#]*)?)?$/.test(value))
        faults.push(`${variable}: expected an address such as "https://messages.example.com"`);
      return withoutEnding(value, '/') || undefined;
    },
    hosts(variable: string): string[] {
      const hosts = parseTotogiHosts(text(variable));
      if (!hosts) faults.push(`${variable}: expected hosts such as "oauth.totogi.io", separated by commas`);
      return hosts === undefined || hosts.length === 0 ? TOTOGI_HOSTS : hosts;
    },
    pairs(variable: string): Record<string, string> {
      const given = text(variable)
        .split(',')
        .filter((pair) => pair.trim() !== '');
      const pairs = given.map((pair) => pair.split('=').map((part) => part.trim()));
      const hold = pairs.every((parts) => parts.length === 2 && parts.every((part) => part !== ''));
      if (!hold) faults.push(`${variable}: expected "clientId=tenant,clientId=tenant"`);
      return hold ? Object.fromEntries(pairs) : {};
    },
  };
}
