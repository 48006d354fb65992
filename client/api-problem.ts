/** What was wrong with one part of a request: a parameter by name, or a place in the body by JSON pointer. */
export type Fault = { detail: string; parameter?: string; pointer?: string };

type Problem = {
  status: number;
  title: string;
  detail: string;
  errors: Fault[];
  requestId: string | undefined;
  retryAfterSeconds: number | undefined;
};

/** A refusal by the API: its problem details (RFC 9457), or what the gateway said where the API was not reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Each fault of the request, where there are several or they have a place. */
  readonly errors: Fault[];
  /** By which operations find the request in their logs. */
  readonly requestId: string | undefined;
  /** When to try again, for 429 and 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, title, detail, errors, requestId, retryAfterSeconds }: Problem) {
    super(`${status} ${title}: ${detail}${requestId === undefined ? '' : ` (request ${requestId})`}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Reads what the API, or the gateway before it, answered to a request that it refused. */
export async function parseProblem(response: Response): Promise<ApiProblem> {
  const text = await response.text();
  const body = parse(text);
  const member = (name: string): string | undefined => (typeof body[name] === 'string' ? body[name] : undefined);
  return new ApiProblem({
    status: response.status,
    title: member('title') ?? member('message') ?? response.statusText,
    detail: member('detail') ?? response.headers.get('www-authenticate') ?? member('message') ?? text,
    errors: Array.isArray(body.errors) ? body.errors : [],
    requestId: member('requestId') ?? response.headers.get('apigw-requestid') ?? undefined,
    retryAfterSeconds: retryAfterSeconds(response.headers.get('retry-after')),
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // What stands between the API and here may answer in HTML; the text itself is then what is told.
    return {};
  }
}

/** `Retry-After` as seconds or as a date, RFC 9110 section 10.2.3. */
function retryAfterSeconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
