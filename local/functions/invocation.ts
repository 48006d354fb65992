/** What became of one invocation: the function's reply, or its error in Lambda's words. */
export type InvocationOutcome = { ok: true; payload: unknown } | { ok: false; errorType: string; errorMessage: string };

/** The deployed functions, for whoever calls them. */
export type Functions = {
  /**
   * Runs a function once and answers its reply, or its error: it never rejects. `event` travels as JSON, as on Lambda.
   * `requestId` names the invocation; by default a new id does.
   */
  invoke(key: string, event: unknown, requestId?: string): Promise<InvocationOutcome>;
};
