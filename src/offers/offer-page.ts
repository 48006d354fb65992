import { asHtml, type PageLanguage, page, pageLanguage } from '../platform/html-page.ts';
import type { HttpReply } from '../platform/http.ts';

/** No personal data and no account id. */
export type OfferOnPage = { brand: string; offer: string; language: string };

export type OfferPageState = 'open' | 'accepted' | 'declined' | 'expired';

type PageTexts = {
  title: string;
  text: Record<OfferPageState, string>;
  accept: string;
  decline: string;
};

const PAGE_TEXTS: Record<PageLanguage, (brand: string, offer: string) => PageTexts> = {
  en: (brand, offer) => ({
    title: `${brand}: ${offer}`,
    text: {
      open: `${brand} offers you ${offer}. Accept it here, once.`,
      accepted: `You have accepted ${offer}. ${brand} sends you a text when it is yours.`,
      declined: `You do not want ${offer}. ${brand} says no more about it.`,
      expired: `This offer is over. Nothing was changed on your account.`,
    },
    accept: 'Accept',
    decline: 'No, thank you',
  }),
  es: (brand, offer) => ({
    title: `${brand}: ${offer}`,
    text: {
      open: `${brand} te ofrece ${offer}. Acéptalo aquí, una sola vez.`,
      accepted: `Has aceptado ${offer}. ${brand} te enviará un SMS cuando lo tengas.`,
      declined: `No quieres ${offer}. ${brand} no te dirá nada más sobre esto.`,
      expired: `Esta oferta ha terminado. No se ha cambiado nada en tu cuenta.`,
    },
    accept: 'Aceptar',
    decline: 'No, gracias',
  }),
};

export function offerPage({ brand, offer, language }: OfferOnPage, state: OfferPageState, status = 200): HttpReply {
  const spoken = pageLanguage(language);
  const texts = PAGE_TEXTS[spoken](brand, offer);
  const forms =
    `<form method="post"><button name="answer" value="accept">${asHtml(texts.accept)}</button></form>` +
    `<form method="post"><button class="plain" name="answer" value="decline">${asHtml(texts.decline)}</button></form>`;
  const body = `<h1>${asHtml(texts.title)}</h1><p>${asHtml(texts.text[state])}</p>${state === 'open' ? forms : ''}`;
  return page(status, spoken, texts.title, body);
}

/** Byte-identical for every invalid token, so that it does not reveal why one is invalid. */
export function unknownOfferPage(): HttpReply {
  const english = '<h1>This link does not work</h1><p>Please open the link in our latest message.</p>';
  const spanish = '<div lang="es"><h1>Este enlace no funciona</h1><p>Abre el enlace de nuestro último mensaje.</p></div>';
  return page(404, 'en', 'This link does not work', `${english}${spanish}`);
}
