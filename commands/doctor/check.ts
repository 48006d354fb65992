import type { TenantConfiguration } from '../../src/schemas/tenant-configuration.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Stack } from './stack.ts';

/** The stage of the service that npm start runs. */
export const LOCAL_STAGE = 'local';

/** What the templates take where nothing else is given. */
export const DEFAULT_BUS = 'totogi-notifications';
export const DEFAULT_TOTOGI_ACCOUNTS = '266643203619,799148289882';

/**
 * What a check found about one thing; `unchecked` where it could not tell. `remedy` is the command that fixes a fault, ready to be pasted into a
 * shell.
 */
export type Finding =
  | { state: 'fine' | 'unchecked'; about: string; detail: string }
  | { state: 'fault'; about: string; detail: string; remedy: string };

/** The account and Region that a set-up is in. */
export type AwsLocation = { region: string; partition: string; accountId: string };

/** What checks look at. */
export type Setup = {
  aws: AwsClients;
  location: AwsLocation;
  stage: string;
  /** What the names of the stack's resources begin with, without a hyphen at the end. */
  prefix: string;
  bus: { name: string; arn: string };
  /** The service's stack, read once. */
  stack: () => Promise<Stack>;
  /** The accounts that Totogi sends from. */
  totogiAccounts: string[];
  /** The tenants' configuration as it stands in the folder, or why it cannot be read. */
  tenants: () => TenantConfiguration[];
  /** A stand-in in the place of Totogi's own addresses. */
  totogiUrl: string | undefined;
  /** An AWS command line with the Region and the endpoint that are being checked. */
  command: (...words: string[]) => string;
  /** The command line that deploys the stack there, with the parameters that are known. */
  deploy: (...parameters: string[]) => string;
  /** The command line that puts the configuration into force there. */
  publish: () => string;
  /** What the service's clock says, in milliseconds since the epoch. */
  serviceTime: () => Promise<number>;
  /** Milliseconds since the epoch. */
  now: () => number;
};

/** One thing that can be wrong with a set-up: its name, what it looks at, and why that matters. */
export type Check = { name: string; looksAt: string; why: string; run: (setup: Setup) => Promise<Finding[]> };

/** What stands in the way of a check, in words: it is neither fine nor a fault. */
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

/** Answers undefined where AWS says that there is no such thing; every other error is thrown. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (/^(ResourceNotFound|NotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)/.test(name)) return undefined;
    throw error;
  }
}
