import { documentsPage } from '../runtime/documents-page.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../runtime/http.ts';
import { apiDocument } from '../schemas/api-document.ts';
import { HttpProblem } from '../schemas/problem.ts';
import { ROUTES } from '../schemas/routes.ts';

const CACHE = 'public, max-age=300';
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What needs no token, and is in no document for those who have one. */
const PUBLIC = [
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/u/{token}' },
  { method: 'POST', path: '/u/{token}' },
];

const document = JSON.stringify(apiDocument());
const page = documentsPage();

/** Answers what needs no token: the API's document, its page, and every request that no other route takes. */
export const handler = httpHandler('api-documents', async (request): Promise<HttpReply> => {
  if (request.routeKey === 'GET /openapi.json') return { headers: { 'cache-control': CACHE }, body: document };
  if (request.routeKey === 'GET /docs') return { headers: pageHeaders, body: page };
  return refuse(request);
});

const pageHeaders = { 'content-type': 'text/html; charset=utf-8', 'cache-control': CACHE, 'content-security-policy': PAGE_POLICY };

/** A path that exists answers 405 with the methods it takes, any other 404. */
function refuse({ path }: HttpRequest): never {
  const methods = [...Object.values(ROUTES), ...PUBLIC].filter((route) => pathPattern(route.path).test(path)).map(({ method }) => method);
  if (methods.length === 0) throw new HttpProblem(404, 'There is no such route. /docs lists every one.');
  throw new HttpProblem(405, `This path takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
