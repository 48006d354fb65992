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

/** How Totogi misbehaves: which operation, how often, and what it answers instead of its result. */
export const Fault = z.strictObject({
  operation: z.enum(operations, `operation must be one of ${operations.join(', ')}`).default('*'),
  /** How many requests it concerns; 0 for all of them. */
  times: z.int().min(0).max(1_000_000).default(1),
  /**
   * `result`: its own answer. `cut`: the connection is cut. `status-500`: any HTTP status. `errors`: a list of GraphQL errors. `no-data`. An
   * error member of the result: `RateLimitExceeded`, `InternalServerError`, `AccountNotFound`, …
   */
  answer: z
    .string()
    .regex(
      /^(result|cut|errors|no-data|status-[45]\d\d|[A-Z][A-Za-z]+)$/,
      'answer must be result, cut, errors, no-data, status-<code> or the name of an error',
    )
    .default('result'),
  /** Whether the work is done all the same. */
  doesTheWork: z.boolean().optional(),
  /** How long it takes, in seconds of the service's clock, until the work is done and until it answers. */
  workAfterSeconds: delay,
  answerAfterSeconds: delay,
  /** What a rate limit says. */
  retryAfterSeconds: z.number().min(0).max(maxDelaySeconds).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** The faults that are set, the first that fits a request is its own. In memory: a restart ends them. */
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
