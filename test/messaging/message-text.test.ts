import { describe, expect, test } from 'vitest';
import { chooseTemplate, renderEmail, renderSms } from '../../src/messaging/message-text.ts';
import { messageVariables, type RenderContext } from '../../src/messaging/message-variables.ts';
import type { MessageTemplate } from '../../src/schemas/configuration/published-configuration.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { notification, published } from '../builders/configuration.ts';

const template = (text: string, subject?: string): MessageTemplate => ({ class: 'service', text, ...(subject && { subject }) });

function variables(context: Partial<RenderContext> = {}, name = 'Example') {
  const event = {
    id: 'e-1',
    notification: notification(),
    receivedAt: '2026-05-01T08:00:01Z',
    decision: { start: [] },
    original: undefined,
  };
  return messageVariables(event, published({ name }), { language: 'en', kind: 'notice', ...context });
}

const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'Ada <a href="https://evil.example">here</a>',
  'https://evil.example/win',
  'www.evil.example',
  'evil.com',
  'Ada evil．com',
  'Ada\r\nBcc: all@evil.example',
  'Ada\u202emoc.live',
  '{{ brand | append: ".com" }}',
  '&lt;b&gt;',
];

describe('the choice of a template', () => {
  const { configuration } = published({ language: 'es' });
  const templates = { 'es/welcome.sms': template('es'), 'pt/welcome.sms': template('pt'), 'pt-BR/welcome.sms': template('br') };
  test.each([
    [undefined, 'es'],
    ['es', 'es'],
    ['es-MX', 'es'],
    ['pt-BR', 'pt-BR'],
    ['pt-PT', 'pt'],
    ['fr', 'es'],
  ])('for a subscriber who speaks %s is the one in %s', (language, chosen) => {
    const profile = language === undefined ? undefined : { language };
    expect(chooseTemplate('welcome.sms', { configuration, templates }, profile)?.language).toBe(chosen);
  });

  test('is none where none was written', () => {
    expect(chooseTemplate('welcome.email', { configuration, templates }, { language: 'es' })).toBeUndefined();
    const regional = TenantConfiguration.parse({ ...configuration, language: 'es-MX' });
    expect(chooseTemplate('welcome.sms', { configuration: regional, templates }, undefined)?.language).toBe('es');
  });
});

describe('a text', () => {
  test('is one line without control characters', () => {
    expect(renderSms(template(' a\n\n\tb\u00a0c\u0007d\u0000\u202ee\r\n'), variables())).toBe('a b cde');
  });

  test('says letters that GSM-7 lacks without their marks where the template asks for it', () => {
    const rendered = renderSms(template('{{ name | gsm }}'), variables({ name: 'Íñigo Sánchez Żółć 山' }));
    expect(rendered).toBe('Iñigo Sanchez Zołc 山');
  });

  test.each(HOSTILE_NAMES)('carries no link or markup that a name brings: %j', (name) => {
    expect(renderSms(template('Hi {{ name }}, welcome'), variables({ name }))).toMatch(/^Hi [\p{L} ]*, welcome$/u);
  });

  test.each([
    ['{{ amonut }}', /amonut/],
    ['{{ brand | shout }}', /shout/],
    ['{% include "x" %}', /include/],
    ['{% render "x" %}', /render/],
    ['{% if brand %}', /if/],
    ['{% assign names = "a,b" | split: "," | concat: names %}', /concat/],
  ])('fails for %s', (text, message) => {
    const cause = expect.objectContaining({ message: expect.stringMatching(message) });
    expect(() => renderSms(template(text), variables())).toThrow(expect.objectContaining({ name: 'TemplateFailed', cause }));
  });
});

const nested = (tag: string, depth: number, body = '') =>
  `${`{% ${tag} i in (1..10) %}`.repeat(depth)}${body}${`{% end${tag} %}`.repeat(depth)}`;
const doubled = (text: string) => `{% assign a = "aaaaaaaaaa" %}${text.repeat(21)}{{ a }}`;

describe('a template that asks for too much', () => {
  test.each([
    ['loops within loops', nested('for', 7, 'x'), /5000 steps/],
    ['empty loops within loops', nested('for', 7), /5000 steps/],
    ['loops of another tag', nested('tablerow', 7), /50000 characters/],
    ['loops in the tag liquid', `{% liquid\n${'for i in (1..10)\n'.repeat(7)}echo brand\n${'endfor\n'.repeat(7)}%}`, /5000 steps/],
    ['a range without end', '{% for number in (1..999999999) %}x{% endfor %}', /50000 characters/],
    ['a list that is said', '{{ (1..40000) }}', /50000 characters/],
    ['doubled captures', doubled('{% capture a %}{{ a }}{{ a }}{% endcapture %}'), /50000 characters/],
    ['doubled appends', doubled('{% assign a = a | append: a %}'), /50000 characters/],
    ['a wide date', '{{ "2026-05-01" | date: "%9999999Y" }}', /50000 characters/],
    ['a text of its own', 'x'.repeat(20_001), /AssertionError/],
  ])('fails for %s', (_what, text, message) => {
    expect(() => renderSms(template(text), variables())).toThrow(
      expect.objectContaining({ name: 'TemplateFailed', message: expect.stringMatching(message) }),
    );
  });

  test('fails where it is hidden, for those alone whom it meets', () => {
    const hidden = template(`Hi{% if name == "Zed" %}${nested('for', 8, 'x')}{% endif %}`);
    expect(renderSms(hidden, variables({ name: 'Ada' }))).toBe('Hi');
    expect(() => renderSms(hidden, variables({ name: 'Zed' }))).toThrow(expect.objectContaining({ exceeded: expect.any(String) }));
  });

  test('leaves what is long and not too long alone', () => {
    expect(renderSms(template(nested('for', 3, 'x')), variables())).toBe('x'.repeat(1_000));
    expect(renderSms(template('x'.repeat(20_000)), variables())).toHaveLength(20_000);
  });

  test('has at most 50 links to look for', () => {
    const links = Array.from({ length: 51 }, (_, index) => `https://example.com/${index}`).join(' ');
    expect(() => renderEmail(template(links, 'Hello'), variables())).toThrow(
      expect.objectContaining({ exceeded: expect.stringMatching(/50 different links/) }),
    );
  });
});

describe('an email', () => {
  const mail = (text: string, context: Partial<RenderContext> = {}, subject = 'Hello', brand = 'Example') =>
    renderEmail(template(text, subject), variables(context, brand));

  test('has a subject on one line, paragraphs as text, and the same as HTML', () => {
    expect(mail('Hello {{ name }},\n\nyour plan\nis  active.\n \n\n{{ plan }}\n\nBye\n', { name: 'Ada' }, '{{ brand }}:\n hello')).toEqual({
      subject: 'Example: hello',
      text: 'Hello Ada,\n\nyour plan is active.\n\nBye',
      html: [
        '<!doctype html>',
        '<html lang="en">',
        '<head>',
        '<meta charset="utf-8">',
        '<title>Example: hello</title>',
        '</head>',
        '<body>',
        '<p>Hello Ada,</p>',
        '<p>your plan is active.</p>',
        '<p>Bye</p>',
        '</body>',
        '</html>',
        '',
      ].join('\n'),
    });
  });

  test('escapes markup in HTML, whoever wrote it, and leaves it alone in the text', () => {
    const { text, html, subject } = mail('<b>Terms & more</b> {{ brand }}', {}, '{{ brand }}', 'A&B <i>"x"</i>');
    expect(text).toBe('<b>Terms & more</b> A&B <i>"x"</i>');
    expect(subject).toBe('A&B <i>"x"</i>');
    expect(html).toContain('<p>&lt;b&gt;Terms &amp; more&lt;/b&gt; A&amp;B &lt;i&gt;&quot;x&quot;&lt;/i&gt;</p>');
    expect(html).toContain('<title>A&amp;B &lt;i&gt;&quot;x&quot;&lt;/i&gt;</title>');
  });

  test('links what its author wrote in full, and nothing that comes out of a variable', () => {
    const html = mail(
      'See https://example.com/a?b=1&c=2, or (https://example.com/a). {{ brand }}',
      {},
      'Hello',
      'https://evil.example/',
    ).html;
    expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>, or');
    expect(html).toContain('(<a href="https://example.com/a">https://example.com/a</a>).');
    expect(html.match(/<a /g)).toHaveLength(2);
    expect(html).toContain('https://evil.example/</p>');
  });

  test.each(HOSTILE_NAMES)('carries no markup, link or header that a name brings: %j', (name) => {
    const { subject, text, html } = mail('Hello {{ name }},\n\nbye', { name }, 'For {{ name }}:');
    expect(subject).toMatch(/^For [\p{L} ]*:$/u);
    expect(text).toMatch(/^Hello [\p{L} ]*,\n\nbye$/u);
    expect(html.match(/<[^>]*>/g)).toEqual(mail('Hello,\n\nbye').html.match(/<[^>]*>/g));
  });

  test('fails without a subject', () => {
    expect(() => renderEmail(template('hello'), variables())).toThrow(
      expect.objectContaining({ cause: new Error('The template of an email has no subject.') }),
    );
  });
});
