import { createHash } from 'node:crypto';
import type { HttpReply } from './http.ts';

const STYLE =
  'body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1.25rem;color:#1b1f24;background:#fff}h1{font-size:1.4rem}button{font:inherit;width:100%;padding:.8rem;border:0;border-radius:.5rem;background:#0b57d0;color:#fff}@media (prefers-color-scheme:dark){body{background:#0f1317;color:#e6e9ec}button{background:#7ab7ff;color:#0f1317}}';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The address of the page is a secret of its reader, so nothing keeps it or passes it on; and nothing on it runs or is framed. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
};

/** What the page is about: whose messages, which of them, and in which language to say so. No person's data. */
export type Subscription = { brand: string; what: 'news' | 'account'; language: string };

type Words = { title: string; question: string; button: string; done: string; mistake: string };

const WORDS: Record<'en' | 'es', (brand: string, what: Subscription['what']) => Words> = {
  en: (brand, what) => {
    const mails = what === 'news' ? 'news and offers' : 'messages about your account';
    return {
      title: 'Unsubscribe',
      question: `Do you want no more emails with ${mails} from ${brand}?`,
      button: 'Unsubscribe',
      done: `You are unsubscribed: ${brand} sends you no more emails with ${mails}.`,
      mistake: 'If that was a mistake, please tell our customer care.',
    };
  },
  es: (brand, what) => {
    const mails = what === 'news' ? 'novedades y ofertas' : 'avisos sobre tu cuenta';
    return {
      title: 'Darse de baja',
      question: `¿Quieres dejar de recibir correos con ${mails} de ${brand}?`,
      button: 'Darme de baja',
      done: `Ya estás de baja: ${brand} no te enviará más correos con ${mails}.`,
      mistake: 'Si ha sido un error, dilo a nuestra atención al cliente.',
    };
  },
};

/** Asks; the form works without JavaScript and sends to the page's own address. */
export function askPage(subscription: Subscription): HttpReply {
  const { language, words } = wordsOf(subscription);
  const form = `<form method="post"><button type="submit">${asHtml(words.button)}</button></form>`;
  return page(200, language, words.title, `<h1>${asHtml(words.title)}</h1><p>${asHtml(words.question)}</p>${form}`);
}

/** Says that it is done. */
export function donePage(subscription: Subscription): HttpReply {
  const { language, words } = wordsOf(subscription);
  return page(200, language, words.title, `<h1>${asHtml(words.title)}</h1><p>${asHtml(words.done)}</p><p>${asHtml(words.mistake)}</p>`);
}

/** One page, the same to the byte, for every token that leads nowhere, whatever the reason. */
export function unknownPage(): HttpReply {
  const english = '<h1>This link does not work</h1><p>Please open the link in our latest email.</p>';
  const spanish = '<div lang="es"><h1>Este enlace no funciona</h1><p>Abre el enlace de nuestro último correo.</p></div>';
  return page(404, 'en', 'This link does not work', `${english}${spanish}`);
}

function wordsOf({ brand, what, language }: Subscription): { language: 'en' | 'es'; words: Words } {
  const spoken = language.split('-')[0] === 'es' ? 'es' : 'en';
  return { language: spoken, words: WORDS[spoken](brand, what) };
}

function page(status: number, language: string, title: string, body: string): HttpReply {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${asHtml(title)}</title>`;
  return {
    status,
    headers: HEADERS,
    body: `<!doctype html><html lang="${language}"><head>${head}<style>${STYLE}</style></head><body>${body}</body></html>\n`,
  };
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
