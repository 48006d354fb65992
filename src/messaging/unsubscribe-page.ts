import { asHtml, type PageLanguage, page, pageLanguage } from '../platform/html-page.ts';
import type { HttpReply } from '../platform/http.ts';

/** No personal data. */
export type Subscription = { brand: string; what: 'news' | 'account'; language: string };

type PageTexts = { title: string; question: string; button: string; done: string; mistake: string };

const PAGE_TEXTS: Record<PageLanguage, (brand: string, what: Subscription['what']) => PageTexts> = {
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

/** The form works without scripts and posts to the page's own address. */
export function askPage(subscription: Subscription): HttpReply {
  const { language, texts } = wordsOf(subscription);
  const form = `<form method="post"><button type="submit">${asHtml(texts.button)}</button></form>`;
  return page(200, language, texts.title, `<h1>${asHtml(texts.title)}</h1><p>${asHtml(texts.question)}</p>${form}`);
}

export function donePage(subscription: Subscription): HttpReply {
  const { language, texts } = wordsOf(subscription);
  return page(200, language, texts.title, `<h1>${asHtml(texts.title)}</h1><p>${asHtml(texts.done)}</p><p>${asHtml(texts.mistake)}</p>`);
}

/** Byte-identical for every invalid token, so that it does not reveal why one is invalid. */
export function unknownPage(): HttpReply {
  const english = '<h1>This link does not work</h1><p>Please open the link in our latest email.</p>';
  const spanish = '<div lang="es"><h1>Este enlace no funciona</h1><p>Abre el enlace de nuestro último correo.</p></div>';
  return page(404, 'en', 'This link does not work', `${english}${spanish}`);
}

function wordsOf({ brand, what, language }: Subscription): { language: PageLanguage; texts: PageTexts } {
  const spoken = pageLanguage(language);
  return { language: spoken, texts: PAGE_TEXTS[spoken](brand, what) };
}
