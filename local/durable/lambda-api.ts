/** A request of Lambda's REST API; `path` as it came over the wire, still percent-encoded (ARNs hold slashes); header names in lower case. */
export type LambdaRequest = { method: string; path: string; query: URLSearchParams; headers: Record<string, string>; body: string };

export type LambdaReply = { status: number; headers?: Record<string, string>; body: string };
