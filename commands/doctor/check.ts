import type { TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Stack } from './stack.ts';

/** The stage that `npm start` runs. */
export const LOCAL_STAGE = 'local';

/** The templates' defaults. */
export const DEFAULT_BUS = 'totogi-notifications';
export const DEFAULT_TOTOGI_ACCOUNTS = '266643203619,799148289882';

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

/** `looksAt` and `why` are for the report. */
export type Check = { name: string; looksAt: string; why: string; run: (setup: Setup) => Promise<Finding[]> };

/** A check that cannot run: its result is neither fine nor a fault. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck';
}

export function fine(about: string, detail: string): Finding {
  return { state: 'fine', about, detail };
}

export function unclear(about: string, detail: string): Finding {
  return { state: 'unchecked', about, detail };
}

export function fault(about: string, detail: string, remedy: string): Finding {
  return { state: 'fault', about, detail, remedy };
}

/** Returns undefined if AWS says that the resource does not exist; every other error is thrown. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (/^(ResourceNotFound|NotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)/.test(name)) return undefined;
    throw error;
  }
}
