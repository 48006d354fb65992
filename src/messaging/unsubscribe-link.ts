/**
 * Placeholder for the unsubscribe link until the mail is sent: anyone with the link can use it, so no record stores it. No name of a
 * subscriber or plan can contain it.
 */
export const UNSUBSCRIBE_PLACE = '{unsubscribe-link}';

export function showsUnsubscribeLink({ text }: { text: string }): boolean {
  return text.includes(UNSUBSCRIBE_PLACE);
}

/** The URL is percent-encoded, so only "&" needs escaping in HTML. */
export function withUnsubscribeLink({ text, html }: { text: string; html: string }, url: string): { text: string; html: string } {
  return {
    text: text.replaceAll(UNSUBSCRIBE_PLACE, () => url),
    html: html.replaceAll(UNSUBSCRIBE_PLACE, () => url.replaceAll('&', '&amp;')),
  };
}
