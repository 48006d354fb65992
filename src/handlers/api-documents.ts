import { brotliDecompressSync } from 'node:zlib';
import { documentsPage, EXPLORER_PATH, PAGE_POLICY } from '../api/documents-page.ts';
import { OPENAPI_EXPLORER } from '../api/openapi-explorer.generated.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../platform/http.ts';
import { HttpProblem } from '../platform/problem.ts';
import { apiDocument } from '../schemas/api/api-document.ts';
import { ROUTES } from '../schemas/api/routes.ts';

const CACHE = 'public, max-age=300';

/** Not in ROUTES: the gateway serves only a short, closed list of paths without a token. */
const EXPLORER = { method: 'GET', path: EXPLORER_PATH };

const document = JSON.stringify(apiDocument());
const page = documentsPage();

/** Serves the API's document, its page with the explorer, and 404 or 405 for every request that no other route takes. */
export const handler = httpHandler('api-documents', async (request): Promise<HttpReply> => {
  if (request.routeKey === 'GET /openapi.json') return { headers: { 'cache-control': CACHE }, body: document };
  if (request.routeKey === 'GET /docs') return { headers: pageHeaders, body: page };
  if (request.method === 'GET' && request.path === EXPLORER_PATH) return explorer(request.headers['accept-encoding']);
  return answerOtherwise(request);
});

const pageHeaders = { 'content-type': 'text/html; charset=utf-8', 'cache-control': CACHE, 'content-security-policy': PAGE_POLICY };

/** Browsers accept Brotli over HTTPS and from localhost. Other clients get the uncompressed file. */
function explorer(acceptEncoding = ''): HttpReply {
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': CACHE, vary: 'accept-encoding' };
  if (/\bbr\b/.test(acceptEncoding)) return { headers: { ...headers, 'content-encoding': 'br' }, base64Body: OPENAPI_EXPLORER };
  return { headers, body: brotliDecompressSync(Buffer.from(OPENAPI_EXPLORER, 'base64')).toString('utf8') };
}

function answerOtherwise({ method, path }: HttpRequest): HttpReply {
  const methods = [...Object.values(ROUTES), EXPLORER].filter((route) => isPathOf(route.path, path)).map((route) => route.method);
  if (methods.length === 0) throw new HttpProblem(404, 'No such route. See /docs for all routes.');
  const allow = methods.join(', ');
  // A CORS preflight ends here too. The gateway adds the allowed origins.
  if (method === 'OPTIONS') return { status: 204, headers: { allow } };
  throw new HttpProblem(405, `This path takes ${allow}.`, { headers: { allow } });
}

/** A path parameter must not be empty. */
function isPathOf(route: string, path: string): boolean {
  const parts = path.split('/');
  const wanted = route.split('/');
  return (
    parts.length === wanted.length && wanted.every((part, index) => (part.startsWith('{') ? parts[index] !== '' : parts[index] === part))
  );
}
