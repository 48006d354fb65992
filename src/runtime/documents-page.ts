import { apiDocument } from '../schemas/api-document.ts';
import { ROUTES, type Route } from '../schemas/routes.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}code{background:#f2f4f7;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}section{border-top:1px solid #d8dee4;padding:.5rem 0}td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}@media (prefers-color-scheme:dark){body{background:#0f1317;color:#e6e9ec}code{background:#1f262d}section{border-color:#333c45}a{color:#7ab7ff}}';

/** The API as a page to read: every route with its scope and parameters, from the same document as `/openapi.json`. */
export function documentsPage(): string {
  const document = apiDocument();
  const sections = Object.values(ROUTES).map((route: Route) => section(route, document.paths?.[route.path]?.[methodOf(route)]));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>totogi-notifications API</title><style>${STYLE}</style></head><body>
<h1>totogi-notifications API</h1><p>${asHtml(document.info.description ?? '')}</p>
<p>Every route needs a bearer token with the scope named and the claim <code>tenant</code>. Lists answer <code>{"data": [...], "next": cursor or null}</code>; errors are problem details (RFC 9457); a body is JSON. The machine-readable document is <a href="/openapi.json">/openapi.json</a>.</p>
${sections.join('\n')}</body></html>`;
}

type Parameter = { name?: string; in?: string; description?: string; schema?: object };

type Operation = { parameters?: object[]; requestBody?: object };

function methodOf({ method }: Route): 'get' | 'put' | 'delete' {
  return method.toLowerCase() as 'get' | 'put' | 'delete';
}

function section(route: Route, { parameters = [], requestBody }: Operation = {}): string {
  const body = requestBody as { content?: Record<string, { schema?: object }> } | undefined;
  const sent = body
    ? [{ name: 'the body', in: 'body', description: 'JSON.', schema: body.content?.['application/json']?.schema ?? {} }]
    : [];
  const rows = [...(parameters as Parameter[]), ...sent].map(
    ({ name = '', in: place = '', description = '', schema = {} }) =>
      `<tr><td><code>${asHtml(name)}</code></td><td>${asHtml(place)}</td><td>${asHtml(description)} <code>${asHtml(JSON.stringify(schema))}</code></td></tr>`,
  );
  return `<section><h2>${asHtml(route.summary)}</h2><p><code>${route.method} ${asHtml(route.path)}</code>, scope <code>${asHtml(route.scope)}</code></p>
<p>${asHtml(route.description ?? '')}</p><table><tr><th>Parameter</th><th>In</th><th>What it is</th></tr>${rows.join('')}</table></section>`;
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
