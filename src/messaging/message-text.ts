import type { MessageTemplate, PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { Profile } from '../schemas/profile/profile.ts';
import type { TemplateVariables } from './message-variables.ts';
import { renderTemplate, TemplateFailed } from './template-engine.ts';
import { TemplateLimitExceeded } from './template-limits.ts';

export type ChosenTemplate = { language: string; template: MessageTemplate };

export type EmailText = { subject: string; text: string; html: string };

/** Bounds the work: each link is searched in the whole text. */
const MAX_LINKS = 50;

const AUTHORED_LINK = /https:\/\/[^\s<>"'{}|\\^`]*[^\s<>"'{}|\\^`.,;:!?)]/g;

/**
 * Prefers the subscriber's language, then the tenant's. A regional language falls back to its base language.
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
 * Folds white space and removes control characters.
 *
 * @throws TemplateFailed when the template cannot be rendered.
 */
export function renderSms(template: MessageTemplate, variables: TemplateVariables): string {
  return oneLine(renderTemplate(template.text, variables));
}

/**
 * Renders subject, text and HTML from one Liquid template. Empty lines separate paragraphs. The HTML escapes everything. Only links that
 * the template's author wrote in full, and the unsubscribe link, become links: the value of a variable never does.
 *
 * @throws TemplateFailed when the template cannot be rendered or has no subject.
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

/** No-break spaces are folded too, because GSM-7 lacks them. Removes control and direction characters. */
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

/** `links` must be sorted longest first, so that no link ends inside another. */
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
