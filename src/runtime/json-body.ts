import type * as z from 'zod';
import { badRequest, HttpProblem } from '../schemas/problem.ts';
import { schemaFaults } from '../schemas/schema-fault.ts';
import type { HttpRequest } from './http.ts';

const MAX_BODY_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * The body of a request as its schema reads it.
 *
 * @throws HttpProblem 415 for another content type, 413 above 64 KiB, 400 for no JSON and for JSON that does not hold, each fault named by
 * the JSON Pointer (RFC 6901) of its field. No value is repeated: bodies hold personal data.
 */
export function parseJsonBody(schema: z.ZodType, { headers, body = '' }: Pick<HttpRequest, 'headers' | 'body'>): unknown {
  if (!JSON_TYPE.test(headers['content-type'] ?? ''))
    throw new HttpProblem(415, 'This route takes a body of the content type `application/json`.', {
      headers: { accept: 'application/json' },
    });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw new HttpProblem(413, `The body may have ${MAX_BODY_BYTES} bytes at most.`);
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error.issues.flatMap(schemaFaults), ({ path, detail }) => ({ pointer: pointerTo(path), detail }));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own words may quote the body.
    const place = /\(line \d+ column \d+\)/.exec(error.message)?.[0];
    const detail = body === '' ? 'The body is empty; expected JSON.' : `The body is not valid JSON${place ? ` ${place}` : ''}.`;
    throw new HttpProblem(400, detail, { errors: [{ pointer: '', detail: 'expected JSON' }] });
  }
}

/** RFC 6901: `~` and `/` in a name are written `~0` and `~1`. */
function pointerTo(path: PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
