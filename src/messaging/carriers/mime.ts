import { encodeWord } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { parseMailbox } from './mailbox.ts';

/** RFC 2047 limits an encoded word to 75 characters, its wrapping included. */
const MAX_ENCODED_WORD_LENGTH = 52;

/** Input may be hostile: no field can become a header or a second recipient. */
export type Mail = {
  to: string;
  /** May have a name: `Aurora <care@aurora.example>`. */
  from: string;
  subject: string;
  text: string;
  html: string;
  /** The one-click address (RFC 8058); undefined for mail without an opt-out. */
  unsubscribeUrl?: string | undefined;
};

/** `from` and `to` are the envelope's addresses, in ASCII for an international domain. */
export type ComposedMail = { raw: Buffer; from: string; to: string };

/** @returns undefined when sender or recipient is not exactly one valid address. */
export async function composeMail({ to, from, subject, text, html, unsubscribeUrl }: Mail): Promise<ComposedMail | undefined> {
  const mail = new MimeNode('multipart/alternative', { disableFileAccess: true, disableUrlAccess: true, newline: 'win' });
  mail.setHeader('From', parseMailbox(from));
  mail.setHeader('To', { name: '', address: to });
  mail.setHeader('Subject', asSubject(subject));
  if (unsubscribeUrl !== undefined) {
    mail.setHeader('List-Unsubscribe', `<${unsubscribeUrl}>`);
    mail.setHeader('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click');
  }
  mail.createChild('text/plain; charset=utf-8').setContent(text);
  mail.createChild('text/html; charset=utf-8').setContent(html);

  const envelope = mail.getEnvelope();
  const [recipient, ...others] = envelope.to;
  if (!envelope.from || !isAddress(envelope.from) || recipient === undefined || !isAddress(recipient) || others.length > 0)
    return undefined;
  return { raw: await mail.build(), from: envelope.from, to: recipient };
}

/** Encodes a subject that contains `=?`, which mail programs would otherwise decode. */
function asSubject(subject: string): string | { prepared: true; foldLines: true; value: string } {
  const line = subject.replace(/\s+/g, ' ');
  return line.includes('=?') ? { prepared: true, foldLines: true, value: encodeWord(line, 'B', MAX_ENCODED_WORD_LENGTH) } : line;
}

/** SES accepts ASCII addresses only. Quoted local parts are valid, but nobody uses them. */
function isAddress(text: string): boolean {
  return /^[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+$/.test(text);
}
