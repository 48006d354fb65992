/** What was used of what AWS bills. */
export type Usage = {
  /** Durable executions that were started. */
  starts: number;
  /** Invocations of functions: durable ones are invoked again after each wait. */
  invocations: number;
  /** In microseconds, where the functions are the packaged ones. */
  processorTime: number;
  /** What functions wrote to their log, where they are the packaged ones. */
  logBytes: number;
  /** Starts of durable executions, steps that came to an end, waits and callbacks. */
  durableOperations: number;
  /** What was written to the histories of durable executions, as it was sent: payloads, and the words around them. */
  durableBytes: number;
  /** Requests by service and operation. */
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

/** The usage of several functions together. */
export function sumOfUsage(usages: Usage[]): Usage {
  const sum = noUsage();
  for (const { calls, ...amounts } of usages) {
    for (const [name, count] of Object.entries(calls)) sum.calls[name] = (sum.calls[name] ?? 0) + count;
    for (const [name, amount] of Object.entries(amounts) as [keyof typeof amounts, number][]) sum[name] += amount;
  }
  return sum;
}
