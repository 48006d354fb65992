import { encodeWord } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { parseMailbox } from './mailbox.ts';

/** With its wrapping an encoded word is 75 characters at most (RFC 2047). */
const MAX_ENCODED_WORD_LENGTH = 52;

/** A mail as it is composed. Addresses and words may come from anywhere: none of them can become a header or a second recipient. */
export type Mail = {
  to: string;
  /** As the tenant writes it: `Aurora <care@aurora.example>`, or the address alone. */
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Where a mail program unsubscribes with one click (RFC 8058), for mail that can be unsubscribed from. */
  unsubscribeUrl?: string | undefined;
};

/** A mail as it goes out, with the addresses of its envelope: of an international domain the ASCII form. */
export type ComposedMail = { raw: Buffer; from: string; to: string };

/**
 * Composes a mail: the same words as text and as HTML, of which a mail program shows the last that it can.
 *
 * @returns undefined where sender or recipient is no single address.
 */
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

/** Plain words that look encoded would be decoded by whoever shows them: they are encoded themselves. */
function asSubject(subject: string): string | { prepared: true; foldLines: true; value: string } {
  const line = subject.replace(/\s+/g, ' ');
  return line.includes('=?') ? { prepared: true, foldLines: true, value: encodeWord(line, 'B', MAX_ENCODED_WORD_LENGTH) } : line;
}

/** SES takes ASCII addresses only; quoted local parts are valid and nobody's. */
function isAddress(text: string): boolean {
  return /^[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+$/.test(text);
}
