import type { HttpRequest } from '../platform/http.ts';

const FORM = 'application/x-www-form-urlencoded';
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const MAX_FORM_CHARACTERS = 1_000;

/** Only a form with exactly one answer, as the page's buttons send it, counts as the subscriber's answer. */
export function parseAnswer({ headers, body = '' }: HttpRequest): 'accepted' | 'declined' | undefined {
  if (!FORM_TYPE.test(headers['content-type'] ?? FORM) || body.length > MAX_FORM_CHARACTERS) return undefined;
  const [answer, ...others] = new URLSearchParams(body).getAll('answer');
  if (others.length > 0) return undefined;
  if (answer === 'accept') return 'accepted';
  return answer === 'decline' ? 'declined' : undefined;
}
