import type { SharedOffset } from '../clock.ts';
import type { InvocationOutcome } from './invocation.ts';

export type FunctionsSetup = {
  modules: Record<string, string>;
  offset: SharedOffset;
  region: string;
  accountId: string;
  functionPrefix: string;
};

export type ToWorker =
  | { type: 'invoke'; requestId: string; key: string; event: string; timeoutMs: number }
  | { type: 'ping'; requestId: string };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'unusable'; reason: string }
  | { type: 'settled'; requestId: string; outcome: InvocationOutcome };
