import { domainToASCII } from 'node:url';
import { SESClient } from '@aws-sdk/client-ses';
import PostalMime, { type Email as ReadEmail } from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { createEmailChannel, type Email } from '../../../src/messaging/carriers/email.ts';
import { acceptance, openCarrier } from '../carrier.ts';
import { keepsTheContract } from '../contract.ts';

const email: Email = {
  to: 'ada@example.com',
  from: 'Aurora <care@aurora.example>',
  subject: 'Your plan',
  text: 'Hello.\n\nYour plan ends soon.',
  html: '<!doctype html>\n<p>Hello.</p>\n<p>Your plan ends soon.</p>\n',
  messageId: 'a1b2',
};

keepsTheContract({
  channel: 'email',
  to: email.to,
  send: (timeout) => createEmailChannel(timeout ? impatient(timeout) : undefined).send(email),
  open() {
    const channel = createEmailChannel();
    return () => channel.send(email);
  },
});

function impatient(requestTimeout: number): SESClient {
  return new SESClient({ maxAttempts: 1, requestHandler: { requestTimeout, throwOnRequestTimeout: true } });
}

type Sent = { form: URLSearchParams; raw: string; mail: ReadEmail; header(name: string): string[] };

/** A mail as it reached the carrier, read by a parser that is not the one who wrote it. */
async function send(parts: Partial<Email>): Promise<Sent> {
  const [form] = await sent(parts);
  if (!form) throw new Error('nothing was handed over');
  const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64').toString('latin1');
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'));
  return { form, raw, mail, header: (name) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value) };
}

async function sent(parts: Partial<Email>): Promise<URLSearchParams[]> {
  const asked = await openCarrier('email', acceptance('email', 'm-1'));
  await createEmailChannel().send({ ...email, ...parts });
  return asked;
}

/** Lines end in a mail, whether or not the last one did. */
const withoutLastNewline = (text: string | undefined) => text?.replace(/\n+$/, '');

describe('a mail', () => {
  test('has its words as text and as HTML, in this order, and goes to its one address', async () => {
    const { form, mail, raw } = await send({ configurationSet: 'service-mail' });
    expect(mail).toMatchObject({
      from: { name: 'Aurora', address: 'care@aurora.example' },
      to: [{ name: '', address: 'ada@example.com' }],
      subject: 'Your plan',
      attachments: [],
    });
    expect([withoutLastNewline(mail.text), withoutLastNewline(mail.html)]).toEqual([email.text, withoutLastNewline(email.html)]);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(Object.fromEntries(form)).toMatchObject({
      Action: 'SendRawEmail',
      Source: 'care@aurora.example',
      'Destinations.member.1': 'ada@example.com',
      ConfigurationSetName: 'service-mail',
    });
    expect(form.has('Destinations.member.2')).toBe(false);
  });

  test('carries our message id as its only tag, and no configuration set unless it has one', async () => {
    const { form } = await send({});
    expect([...form].filter(([name]) => name.startsWith('Tags'))).toEqual([
      ['Tags.member.1.Name', 'message'],
      ['Tags.member.1.Value', 'a1b2'],
    ]);
    expect(form.has('ConfigurationSetName')).toBe(false);
  });

  test('can be unsubscribed from with one click where it has an address for that, and only there', async () => {
    const unsubscribeUrl = `https://messages.example.com/${'long-path/'.repeat(20)}u/AbCdEfGhIjKlMnOpQrStUv`;
    const { header } = await send({ unsubscribeUrl });
    expect(header('list-unsubscribe')).toEqual([`<${unsubscribeUrl}>`]);
    expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect((await send({})).header('list-unsubscribe')).toEqual([]);
  });

  test.each([
    ['Ñandú se quedó sin datos: ¡10 % menos! 🚀'],
    ['データ残量のお知らせ：残りわずかです。データ残量のお知らせ：残りわずかです。データ残量のお知らせ'],
    ['=?utf-8?Q?not_an_encoded_word?='],
    [`${'a'.repeat(190)} ${'é'.repeat(190)}`],
    ['.'],
  ])('says %j to the letter, in ASCII lines that SMTP takes', async (words) => {
    const text = `${words}\n\n.\nFrom here on\n${words}`;
    const { mail, raw } = await send({ subject: words, text, html: `<p>${words}</p>` });
    expect([mail.subject, withoutLastNewline(mail.text), withoutLastNewline(mail.html)]).toEqual([words, text, `<p>${words}</p>`]);
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  test.each([
    ['Aurora Móvil', 'Aurora Móvil <care@aurora.example>', 'care@aurora.example'],
    ['Aurora, Inc.; "Care"', 'Aurora, Inc.; "Care" <care@aurora.example>', 'care@aurora.example'],
    ['Aurora, Inc.', '"Aurora, Inc." <care@aurora.example>', 'care@aurora.example'],
    ['evil@example.org', 'evil@example.org <care@aurora.example>', 'care@aurora.example'],
    ['', 'care@aurora.example', 'care@aurora.example'],
    ['Aurora', 'Aurora <care@auróra.example>', `care@${domainToASCII('auróra.example')}`],
  ])('from %j has one sender', async (name, from, address) => {
    const { mail, form } = await send({ from });
    expect(mail.from).toEqual({ name, address });
    expect(form.get('Source')).toBe(address);
  });

  test('to an international domain goes to its ASCII form', async () => {
    const { mail, form } = await send({ to: 'ada@bücher.example' });
    expect([form.get('Destinations.member.1'), mail.to?.[0]?.address]).toEqual(['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example']);
  });
});

describe('nothing written into a mail becomes a header or a recipient', () => {
  const HEADERS = ['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'];
  const injections = [
    '\r\nBcc: eve@example.org',
    '\nBcc: eve@example.org',
    '\rBcc: eve@example.org',
    '\r\n\r\n<b>body</b>',
    '\u2028Bcc: eve@example.org',
    '\0Bcc: x',
    '=?utf-8?Q?=0D=0ABcc:_eve@example.org?=',
  ];

  test.each(injections)('by %j in a subject or a name', async (injection) => {
    const { header, mail, form } = await send({ subject: `Hello${injection}`, from: `Aurora${injection} <care@aurora.example>` });
    expect(mail.headers.map(({ key }) => key).sort()).toEqual(HEADERS);
    expect(header('bcc')).toEqual([]);
    expect(mail.to).toEqual([{ name: '', address: 'ada@example.com' }]);
    expect(withoutLastNewline(mail.text)).toBe(email.text);
    expect([...form.keys()].filter((name) => name.startsWith('Destinations'))).toHaveLength(1);
  });

  test.each([...injections, ', eve@example.org', ' <eve@example.org>', ';eve@example.org', ' eve@example.org'])(
    'by %j in an address: such a mail is not sent',
    async (injection) => {
      const asked = await openCarrier('email', acceptance('email', 'm-1'));
      expect(await createEmailChannel().send({ ...email, to: `ada@example.com${injection}` })).toEqual({
        outcome: 'failed',
        reason: 'invalid-address',
      });
      expect(await createEmailChannel().send({ ...email, from: `Aurora <care@aurora.example${injection}>` })).toMatchObject({
        outcome: 'failed',
      });
      expect(asked).toEqual([]);
    },
  );

  test.each(['', 'ada', 'ada@', '@example.com', 'ña@example.com', '"a b"@example.com'])('%j is no address to send to', async (to) => {
    const asked = await openCarrier('email', acceptance('email', 'm-1'));
    expect(await createEmailChannel().send({ ...email, to })).toEqual({ outcome: 'failed', reason: 'invalid-address' });
    expect(asked).toEqual([]);
  });
});
