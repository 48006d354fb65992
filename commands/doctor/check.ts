import type { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Stack } from './stack.ts';

/** The templates' defaults. */
export const DEFAULT_BUS = 'totogi-notifications';
export const DEFAULT_TOTOGI_ACCOUNTS = ['266643203619', '799148289882'];

/** `unchecked` if the check could not tell. `remedy` is the command that fixes the fault, ready to paste into a shell. */
export type Finding =
  | { state: 'fine' | 'unchecked'; about: string; detail: string }
  | { state: 'fault'; about: string; detail: string; remedy: string };

export type AwsLocation = { region: string; partition: string; accountId: string };

export type Setup = {
  aws: AwsClients;
  location: AwsLocation;
  stage: string;
  /** The prefix of the names of the stack's resources, without a final hyphen. */
  prefix: string;
  bus: { name: string; arn: string };
  /** Read once. */
  stack: () => Promise<Stack>;
  /** The AWS accounts that Totogi sends from. */
  totogiAccounts: string[];
  /** The configuration in the folder. Throws if it cannot be read. */
  tenants: () => TenantConfiguration[];
  /** Replaces Totogi's own addresses. */
  totogiUrl: string | undefined;
  /** The address of the API, if it is known. */
  api: () => Promise<string>;
  /** An AWS command line with this Region and endpoint. */
  command: (...words: string[]) => string;
  /** The command line that deploys the stack, with the known parameters. */
  deploy: (...parameters: string[]) => string;
  publish: () => string;
  /** The service's clock, in milliseconds since the epoch. */
  serviceTime: () => Promise<number>;
  /** Milliseconds since the epoch. */
  now: () => number;
};

/** `looksAt` is for the help, and `why` for the report. */
export type Check = { name: string; looksAt: string; why: string; run: (setup: Setup) => Promise<Finding[]> };

export function fine(about: string, detail: string): Finding {
  return { state: 'fine', about, detail };
}

export function fault(about: string, detail: string, remedy: string): Finding {
  return { state: 'fault', about, detail, remedy };
}
