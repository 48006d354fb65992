export type InvocationOutcome = { ok: true; payload: unknown } | { ok: false; errorType: string; errorMessage: string };

export type Functions = {
  /**
   * Runs a function once. Never rejects: an error is an outcome. `event` is passed as JSON, as on Lambda.
   * `requestId` names the invocation; by default a new id.
   */
  invoke(key: string, event: unknown, requestId?: string): Promise<InvocationOutcome>;
};
