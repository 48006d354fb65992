import type * as z from 'zod';
import type { HttpRequest } from './http.ts';
import { badRequest, HttpProblem } from './problem.ts';
import { schemaFaults } from './schema-fault.ts';

const MAX_BODY_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * @throws HttpProblem 415 for another content type, 413 above 64 KiB, 400 for invalid JSON or content, with the JSON Pointer (RFC 6901) of
 * each invalid field. Values are never repeated, because bodies contain personal data.
 */
export function parseJsonBody(schema: z.ZodType, { headers, body = '' }: Pick<HttpRequest, 'headers' | 'body'>): unknown {
  if (!JSON_TYPE.test(headers['content-type'] ?? ''))
    throw new HttpProblem(415, 'Content-Type must be `application/json`.', {
      headers: { accept: 'application/json' },
    });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw new HttpProblem(413, `The request body must not exceed ${MAX_BODY_BYTES} bytes.`);
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error.issues.flatMap(schemaFaults), ({ path, detail }) => ({ pointer: pointerTo(path), detail }));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's message may quote the body.
    const place = /\(line \d+ column \d+\)/.exec(error.message)?.[0];
    const detail = body === '' ? 'The body is empty; expected JSON.' : `The body is not valid JSON${place ? ` ${place}` : ''}.`;
    throw new HttpProblem(400, detail, { errors: [{ pointer: '', detail: 'expected JSON' }] });
  }
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
