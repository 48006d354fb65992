/** What AWS bills. */
export type Usage = {
  /** Started durable executions. */
  starts: number;
  /** Durable functions are invoked again after each wait. */
  invocations: number;
  /** In microseconds; only for packaged functions. */
  processorTime: number;
  /** Only for packaged functions. */
  logBytes: number;
  /** Starts of durable executions, finished steps, waits and callbacks. */
  durableOperations: number;
  /** Bytes sent to be stored in histories: payloads and their envelopes. */
  durableBytes: number;
  /** By service and operation. */
  calls: Record<string, number>;
  readUnits: number;
  writeUnits: number;
  smsParts: number;
  mails: number;
};

export function noUsage(): Usage {
  return {
    starts: 0,
    invocations: 0,
    processorTime: 0,
    logBytes: 0,
    durableOperations: 0,
    durableBytes: 0,
    calls: {},
    readUnits: 0,
    writeUnits: 0,
    smsParts: 0,
    mails: 0,
  };
}

export function sumOfUsage(usages: Usage[]): Usage {
  const sum = noUsage();
  for (const { calls, ...amounts } of usages) {
    for (const [name, count] of Object.entries(calls)) sum.calls[name] = (sum.calls[name] ?? 0) + count;
    for (const [name, amount] of Object.entries(amounts) as [keyof typeof amounts, number][]) sum[name] += amount;
  }
  return sum;
}
