import * as z from 'zod';
import { isObject } from '../../platform/json-object.ts';
import type { NewPlanActivated, PlanRollover } from './notification.ts';

/** It was valid when it was stored, so its texts and fields are not validated again. */
const kept = {
  tenant: z.string(),
  account: z.string(),
  device: z.string().optional(),
  name: z.string(),
  state: z.string(),
  previousState: z.string().optional(),
  threshold: z.number().optional(),
  session: z.string().optional(),
  occurredAt: z.string(),
};

const fieldsOf = <Fields>() => z.custom<Fields>(isObject, 'an object');

function documented<Name extends string, Fields extends object = Record<string, unknown>>(name: Name) {
  return z.object({ ...kept, type: z.literal(name), name: z.literal(name), fields: fieldsOf<Fields>() });
}

export const StoredNotification = z.discriminatedUnion('type', [
  documented('PlanExpiryWarning'),
  documented('PlanExpired'),
  documented('PlanCancelled'),
  documented<'PlanRollover', PlanRollover['fields']>('PlanRollover'),
  documented('OutOfCredit'),
  documented('AccountCreditWarning'),
  documented('AutoRenewSuccess'),
  documented('AutoRenewFailure'),
  documented('UnitAllowanceThreshold'),
  documented<'NewPlanActivated', NewPlanActivated['fields']>('NewPlanActivated'),
  z.object({ ...kept, type: z.literal('CounterThreshold'), fields: fieldsOf<Record<string, unknown>>() }),
  z.object({ ...kept, type: z.literal('Unrecognised'), fields: fieldsOf<Record<string, unknown>>() }),
]);
