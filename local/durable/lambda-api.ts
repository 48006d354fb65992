/** `path` is still percent-encoded, because ARNs contain slashes; header names are in lower case. */
export type LambdaRequest = { method: string; path: string; query: URLSearchParams; headers: Record<string, string>; body: string };

export type LambdaReply = { status: number; headers?: Record<string, string>; body: string };
