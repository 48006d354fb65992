import type { TemplateVariables } from '../rules/message-variables.ts';
import type { Profile } from '../schemas/profile.ts';
import type { MessageTemplate, PublishedConfiguration } from '../schemas/published-configuration.ts';
import { renderTemplate, TemplateFailed } from './template-engine.ts';
import { TemplateLimitExceeded } from './template-limits.ts';

export type ChosenTemplate = { language: string; template: MessageTemplate };

/** An email as it is sent: one subject line, the same words as plain text and as HTML. */
export type EmailText = { subject: string; text: string; html: string };

/** Links are looked for one after the other in all of the text. */
const MAX_LINKS = 50;

/** A web address as a template's author writes it. */
const AUTHORED_LINK = /https:\/\/[^\s<>"'{}|\\^`]*[^\s<>"'{}|\\^`.,;:!?)]/g;

/**
 * The template of a name in the subscriber's language, else in the tenant's. A language of a region falls back to the language.
 *
 * @param name such as `low-allowance.sms`.
 */
export function chooseTemplate(
  name: string,
  published: Pick<PublishedConfiguration, 'configuration' | 'templates'>,
  profile: Pick<Profile, 'language'> | undefined,
): ChosenTemplate | undefined {
  for (const wanted of [profile?.language, published.configuration.language]) {
    for (const language of wanted === undefined ? [] : [wanted, wanted.split('-')[0] ?? wanted]) {
      const template = published.templates[`${language}/${name}`];
      if (template) return { language, template };
    }
  }
  return undefined;
}

/**
 * A text message: white space folded into single spaces, control characters out.
 *
 * @throws TemplateFailed when the template cannot be rendered.
 */
export function renderSms(template: MessageTemplate, variables: TemplateVariables): string {
  return oneLine(renderTemplate(template.text, variables));
}

/**
 * An email from one template: the subject is Liquid too, the text plain words whose paragraphs are separated by empty lines. The HTML
 * is the same text with every character of markup escaped, whoever wrote it. Links are those the template's author wrote in full, and the
 * one to unsubscribe: what comes out of any other variable never becomes one.
 *
 * @throws TemplateFailed when the template cannot be rendered, or has no subject.
 */
export function renderEmail(template: MessageTemplate, variables: TemplateVariables): EmailText {
  if (template.subject === undefined) throw new TemplateFailed(new Error('The template of an email has no subject.'));
  const subject = oneLine(renderTemplate(template.subject, variables));
  const paragraphs = renderTemplate(template.text, variables)
    .split(/\r?\n[^\S\n]*\r?\n/)
    .map(oneLine)
    .filter((paragraph) => paragraph !== '');
  return {
    subject,
    text: paragraphs.join('\n\n'),
    html: page(subject, paragraphs, { links: linksOf(template, variables), language: variables.language }),
  };
}

/** Folds white space, of which no-break spaces are one kind that GSM-7 lacks, and leaves out characters that only steer a device. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
}

function linksOf({ text }: MessageTemplate, { unsubscribe }: TemplateVariables): string[] {
  const links = [...(text.match(AUTHORED_LINK) ?? []), ...(unsubscribe === null ? [] : [unsubscribe])];
  const distinct = [...new Set(links)].toSorted((one, other) => other.length - one.length);
  if (distinct.length > MAX_LINKS) throw new TemplateFailed(new TemplateLimitExceeded(`${MAX_LINKS} different links`));
  return distinct;
}

function page(subject: string, paragraphs: string[], { links, language }: { links: string[]; language: string }): string {
  const body = paragraphs.map((paragraph) => `<p>${withLinks(paragraph, links)}</p>`);
  const head = `<head>\n<meta charset="utf-8">\n<title>${escaped(subject)}</title>\n</head>`;
  return `<!doctype html>\n<html lang="${escaped(language)}">\n${head}\n<body>\n${body.join('\n')}\n</body>\n</html>\n`;
}

/** Escapes a paragraph and links the given addresses in it; the longest comes first, so that no link ends inside another one. */
function withLinks(paragraph: string, links: string[]): string {
  const [link, ...others] = links;
  if (link === undefined) return escaped(paragraph);
  const address = escaped(link);
  return paragraph
    .split(link)
    .map((between) => withLinks(between, others))
    .join(`<a href="${address}">${address}</a>`);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
