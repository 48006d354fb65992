import { randomUUID } from 'node:crypto';
import PostalMime from 'postal-mime';
import type { HttpReply } from '../http-server.ts';
import type { Outbox } from './outbox.ts';
import { queryError, queryReply } from './sns.ts';

export type SesOptions = { outbox: Outbox; now: () => number };

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/**
 * Emulates SES version 1: puts the mail of `SendRawEmail` into the outbox as its reader would see it. Undefined when the form is not a
 * request to SES.
 */
export function createSes({ outbox, now }: SesOptions): (form: URLSearchParams) => Promise<HttpReply | undefined> {
  return async (form) => {
    if (form.get('Version') !== '2010-12-01') return undefined;
    const action = form.get('Action') ?? '';
    if (action !== 'SendRawEmail') return queryError('InvalidAction', `The local SES knows SendRawEmail, not ${action}.`);
    const destinations = [...form].filter(([name]) => name.startsWith('Destinations.member.')).map(([, address]) => address);
    const mail = await PostalMime.parse(Buffer.from(form.get('RawMessage.Data') ?? '', 'base64'));
    const fault = mailFault(destinations, mail.from?.address);
    if (fault !== undefined) return queryError('InvalidParameterValue', fault);
    const messageId = randomUUID();
    const at = new Date(now()).toISOString();
    // The trailing line break belongs to the MIME format, not to the content.
    const words = { subject: mail.subject ?? '', text: mail.text?.trimEnd() ?? '', html: mail.html?.trimEnd() };
    outbox.add({ messageId, tag: messageTag(form), channel: 'email', to: destinations.join(', '), ...words, at });
    return queryReply('SendRawEmail', namespace, messageId);
  };
}

/** The service marks its mails with this one tag. */
function messageTag(form: URLSearchParams): string | undefined {
  return form.get('Tags.member.1.Name') === 'message' ? (form.get('Tags.member.1.Value') ?? undefined) : undefined;
}

/** SES accepts ASCII addresses only. https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html */
function mailFault(destinations: string[], from: string | undefined): string | undefined {
  if (!from) return "Missing required header 'From'.";
  if (destinations.length === 0) return 'Missing destination: the local SES wants Destinations named in the request.';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what SES looks for
  const odd = destinations.find((address) => !/^[^\s@\x00-\x1f\x7f-\uffff]+@[^\s@\x00-\x1f\x7f-\uffff]+$/.test(address));
  return odd === undefined ? undefined : 'Local address contains control or whitespace, or the domain is not ASCII';
}
