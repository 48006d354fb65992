import { createHash } from 'node:crypto';
import type { HttpReply } from './http.ts';

const STYLE =
  'body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1.25rem;color:#1b1f24;background:#fff}h1{font-size:1.4rem}form{margin:1rem 0}button{font:inherit;width:100%;padding:.8rem;border:0;border-radius:.5rem;background:#0b57d0;color:#fff}button.plain{background:transparent;color:inherit;text-decoration:underline}@media (prefers-color-scheme:dark){body{background:#0f1317;color:#e6e9ec}button{background:#7ab7ff;color:#0f1317}}';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The page's address is a secret of its reader: nothing may cache it, pass it on, run on it or frame it. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
};

export type PageLanguage = 'en' | 'es';

export function pageLanguage(language: string): PageLanguage {
  return language.split('-')[0] === 'es' ? 'es' : 'en';
}

/** `body` is HTML: escape its texts with `asHtml`. */
export function page(status: number, language: PageLanguage, title: string, body: string): HttpReply {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${asHtml(title)}</title>`;
  return {
    status,
    headers: HEADERS,
    body: `<!doctype html><html lang="${language}"><head>${head}<style>${STYLE}</style></head><body>${body}</body></html>\n`,
  };
}

export function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
