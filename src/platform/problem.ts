import * as z from 'zod';

/** A parameter by its name, or a field of the body by its JSON Pointer (RFC 6901), and what it may be. */
const ProblemError = z.union([
  z.object({ parameter: z.string(), detail: z.string() }),
  z.object({ pointer: z.string(), detail: z.string() }),
]);

export const Problem = z
  .object({
    type: z.string().default('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(ProblemError).optional(),
    requestId: z.string(),
  })
  .meta({
    id: 'Problem',
    description:
      'RFC 9457 problem details. `errors` lists the first 20 invalid parameters or fields with their allowed values; `detail` contains the number of further ones.',
  });
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_TITLES = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

type ProblemError = z.infer<typeof ProblemError>;

const MAX_ERRORS = 20;
/** Longer than any real name: names come from the request. */
const MAX_NAME_CHARACTERS = 200;

/**
 * A 400 for invalid parameters or fields: the first ones in full, and the number of the others.
 *
 * @param describe is called only for those in full.
 */
export function badRequest<Found>(found: Found[], describe: (one: Found) => ProblemError): HttpProblem {
  const errors = found.slice(0, MAX_ERRORS).map((one) => shortened(describe(one)));
  const reported = errors.map((error) => `${nameOf(error) || 'the body'}: ${error.detail}`);
  const more = found.length > MAX_ERRORS ? [`and ${found.length - MAX_ERRORS} more`] : [];
  return new HttpProblem(400, [...reported, ...more].join('; '), { errors });
}

function nameOf(error: ProblemError): string {
  return 'pointer' in error ? error.pointer : error.parameter;
}

function shortened(error: ProblemError): ProblemError {
  const name = nameOf(error);
  if (name.length <= MAX_NAME_CHARACTERS) return error;
  const cut = `${name.slice(0, MAX_NAME_CHARACTERS)}...`;
  return 'pointer' in error ? { ...error, pointer: cut } : { ...error, parameter: cut };
}

export class HttpProblem extends Error {
  readonly status: keyof typeof PROBLEM_TITLES;
  readonly errors: NonNullable<Problem['errors']> | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: keyof typeof PROBLEM_TITLES,
    detail: string,
    options: { errors?: Problem['errors']; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  body(requestId: string): Problem {
    const errors = this.errors === undefined ? {} : { errors: this.errors };
    return Problem.parse({ title: PROBLEM_TITLES[this.status], status: this.status, detail: this.message, ...errors, requestId });
  }
}
