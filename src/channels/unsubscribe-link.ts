/**
 * Stands in a mail's words for the link by which its reader unsubscribes, until the mail goes: whoever has the link can use it, so no
 * record holds it. No subscriber's name and no plan can spell it.
 */
export const UNSUBSCRIBE_PLACE = '{unsubscribe-link}';

/** Whether the words of a mail show their reader where to unsubscribe. */
export function showsUnsubscribeLink({ text }: { text: string }): boolean {
  return text.includes(UNSUBSCRIBE_PLACE);
}

/** The words of a mail with the link where its place is. A link is percent-encoded: nothing in it has to be escaped in HTML but "&". */
export function withUnsubscribeLink({ text, html }: { text: string; html: string }, url: string): { text: string; html: string } {
  return {
    text: text.replaceAll(UNSUBSCRIBE_PLACE, () => url),
    html: html.replaceAll(UNSUBSCRIBE_PLACE, () => url.replaceAll('&', '&amp;')),
  };
}
