import { createHash } from 'node:crypto';
import type { Route } from '../schemas/api/route.ts';
import { ROUTES } from '../schemas/api/routes.ts';

export const EXPLORER_PATH = '/docs/openapi-explorer.js';

/** Gets a token from the local service. Hidden elsewhere, because a deployed service issues none. */
const LOCAL_TOKEN_SCRIPT = `
const form = document.querySelector('form');
if (['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)) form.hidden = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const output = form.querySelector('output');
  const tenant = form.elements.tenant.value;
  const reply = await fetch('/local/token', { method: 'POST', body: JSON.stringify({ tenant }) });
  const { token, detail } = await reply.json();
  if (token) document.querySelector('openapi-explorer').setAuthenticationConfiguration('token', { token });
  output.value = token ? 'Every call below now carries a token of ' + tenant + '.' : detail;
});`;

const STYLE =
  'body{margin:0;font:16px/1.5 system-ui,sans-serif}form{padding:.75rem 1rem;border:1px solid #9fb3c8;border-radius:4px;margin:1rem 0;background:#f2f6fa}form[hidden]{display:none}noscript ul{padding:0 2rem}code{background:#f2f4f7}';

const scriptHash = createHash('sha256').update(LOCAL_TOKEN_SCRIPT).digest('base64');

/** Only this host serves resources and receives calls. */
export const PAGE_POLICY = `default-src 'none'; script-src 'self' 'sha256-${scriptHash}'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

export function documentsPage(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>totogi-notifications API</title><link rel="icon" href="data:,"><style>${STYLE}</style><script type="module" src="${EXPLORER_PATH}"></script></head><body>
<openapi-explorer spec-url="/openapi.json" hide-server-selection schema-expand-level="2" primary-color="#0b5cad" secondary-color="#cfe6ff" nav-bg-color="#16222e" nav-text-color="#c9d4df" nav-hover-bg-color="#22364a" nav-hover-text-color="#ffffff">
<div slot="overview-footer"><form hidden><label>Try it here with a token of the local service for the tenant <input name="tenant" value="mvno-aurora" required></label> <button>Get a token</button> <output></output></form></div>
</openapi-explorer>
<noscript><h1>totogi-notifications API</h1><p>Every route but the public ones needs a bearer token with the scope named and the claim <code>tenant</code>. <a href="/openapi.json">/openapi.json</a> is the whole document.</p><ul>
${Object.values(ROUTES).map(item).join('\n')}
</ul></noscript><script>${LOCAL_TOKEN_SCRIPT}</script></body></html>`;
}

function item({ method, path, scope, summary }: Route): string {
  const needs = scope === undefined ? 'public' : `scope <code>${asHtml(scope)}</code>`;
  return `<li><code>${method} ${asHtml(path)}</code>, ${needs}: ${asHtml(summary)}</li>`;
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
