/** Milliseconds; `attempts` counts the first one; without it the SDK decides. Without `keepAlive` each request opens a connection. */
type Limits = { connect?: number; request?: number; attempts?: number; keepAlive?: boolean };

/** The part of an AWS client's configuration that bounds a call. The SDK's own timeouts are longer than a function runs. */
export function awsLimits({ connect = 1_000, request = 5_000, attempts, keepAlive = true }: Limits = {}) {
  const agents = keepAlive ? {} : { httpAgent: { keepAlive }, httpsAgent: { keepAlive } };
  return {
    ...(attempts === undefined ? {} : { maxAttempts: attempts }),
    requestHandler: { ...agents, connectionTimeout: connect, requestTimeout: request, throwOnRequestTimeout: true },
  };
}
