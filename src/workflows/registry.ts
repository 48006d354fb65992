import { creditAlert } from './credit-alert/definition.ts';
import { lowAllowance } from './low-allowance/definition.ts';
import { planExpiry } from './plan-expiry/definition.ts';
import { renewalFailed } from './renewal-failed/definition.ts';
import { renewalSucceeded } from './renewal-succeeded/definition.ts';
import { retentionOffer } from './retention-offer/definition.ts';
import { rollover } from './rollover/definition.ts';
import { welcome } from './welcome/definition.ts';
import { winBack } from './win-back/definition.ts';

/** Every workflow. What else knows them all follows from this list, types included: docs, tenant settings, templates, the stack. */
export const REGISTRY = [
  lowAllowance,
  creditAlert,
  planExpiry,
  winBack,
  renewalFailed,
  renewalSucceeded,
  rollover,
  welcome,
  retentionOffer,
] as const;
