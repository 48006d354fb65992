import * as z from 'zod';

const operations = [
  '*',
  'token',
  'getAccount',
  'getPlans',
  'getEventDataRecordsByAccount',
  'subscribeToPlan',
  'updatePlanSubscription',
  'createBalance',
  'updateBalance',
  'updateAccount',
] as const;

const maxDelaySeconds = 7 * 86_400;
const delay = z.number().min(0).max(maxDelaySeconds).default(0);

export const Fault = z.strictObject({
  operation: z.enum(operations, `operation must be one of ${operations.join(', ')}`).default('*'),
  /** The number of affected requests; 0 for all. */
  times: z.int().min(0).max(1_000_000).default(1),
  /**
   * `result`: the real answer. `cut`: a broken connection. `status-500`: any HTTP status. `errors`: a list of GraphQL errors. `no-data`. Or
   * an error member of the result: `RateLimitExceeded`, `InternalServerError`, `AccountNotFound`, …
   */
  answer: z
    .string()
    .regex(
      /^(result|cut|errors|no-data|status-[45]\d\d|[A-Z][A-Za-z]+)$/,
      'answer must be result, cut, errors, no-data, status-<code> or the name of an error',
    )
    .default('result'),
  /** Whether the work is done despite the fault. */
  doesTheWork: z.boolean().optional(),
  /** In seconds of the service's clock, until the work is done and until the answer. */
  workAfterSeconds: delay,
  answerAfterSeconds: delay,
  retryAfterSeconds: z.number().min(0).max(maxDelaySeconds).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** The first matching fault applies. In memory: a restart clears them. */
export function createFaults() {
  let faults: Fault[] = [];
  return {
    add: (fault: Fault) => faults.push(fault),
    list: () => faults,
    clear: () => {
      faults = [];
    },
    take(operation: string): Fault | undefined {
      const fault = faults.find((one) => one.operation === operation || one.operation === '*');
      if (fault === undefined || fault.times === 0) return fault;
      faults = faults.flatMap((one) => (one !== fault ? [one] : one.times === 1 ? [] : [{ ...one, times: one.times - 1 }]));
      return fault;
    },
  };
}
export type Faults = ReturnType<typeof createFaults>;
