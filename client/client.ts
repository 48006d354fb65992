import { Api } from './api.generated.ts';
import { type RetryOptions, retryingFetch } from './retrying-fetch.ts';

export type * from './api.generated.ts';
export { ApiProblem } from './api-problem.ts';
export { each, type Page } from './pages.ts';

export type ClientOptions = {
  /** Where the API is, for example `https://abc123.execute-api.eu-west-1.amazonaws.com`. */
  baseUrl: string;
  /** A token of the tenant, or what gives one: it is asked before each request, so it may renew tokens as they end. */
  token: string | (() => string | Promise<string>);
  /** How often and how patiently to try again what was throttled (429) or not available (503). */
  retry?: Partial<RetryOptions>;
  /** Another `fetch` than that of the runtime. */
  fetch?: typeof fetch;
};

export type Client = ReturnType<typeof createClient>;

/**
 * The API, one method per operation, made from its OpenAPI document: path parameters first, then the query or the body.
 *
 * Every method answers the reply's body and throws ApiProblem where the API refused.
 */
export function createClient({ baseUrl, token, retry, fetch: send }: ClientOptions) {
  const api = new Api({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    customFetch: retryingFetch(send ?? fetch, retry),
    securityWorker: async () => ({ headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` } }),
  });
  return api.v1;
}
