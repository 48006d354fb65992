import { Liquid } from 'liquidjs';
import type { Profile } from '../schemas/profile.ts';
import type { MessageTemplate, PublishedConfiguration } from '../schemas/tenant-configuration.ts';

/** What a template may name. Marketing writes against these, so they only ever gain members. */
export type TemplateVariables = {
  /** The tenant's name as subscribers know it. */
  brand: string;
  /** The notification's type. */
  type: string;
  /** `low` or `critical`. */
  level: string;
  /** `bytes`, `seconds`, `messages`, `money`, `percent`, or nothing where it is unknown. */
  unit: string | null;
  /** Whether the amount is what is `remaining` or the `usage` so far. */
  counts: string;
  /** The threshold in human words, or nothing where its unit is unknown. */
  amount: string | null;
};

/** A template and the language it speaks. */
export type ChosenTemplate = { language: string; template: MessageTemplate };

/** No template can load another one or read a file: there is nothing but the text and its variables. */
const engine = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {} });

/**
 * The template of a name in the subscriber's language, else in the tenant's.
 *
 * @param name such as `low-allowance.sms`.
 */
export function chooseTemplate(name: string, published: PublishedConfiguration, profile: Profile | undefined): ChosenTemplate | undefined {
  const wanted = profile?.language;
  const languages = [wanted, wanted?.split('-')[0], published.configuration.language, published.configuration.language.split('-')[0]];
  for (const language of languages) {
    const template = language === undefined ? undefined : published.templates[`${language}/${name}`];
    if (language !== undefined && template) return { language, template };
  }
  return undefined;
}

/**
 * Renders a template's text.
 *
 * @throws when the text is no Liquid or names a variable that does not exist; `config:check` finds both beforehand.
 */
export function renderText(template: MessageTemplate, variables: TemplateVariables): string {
  const rendered: string = engine.parseAndRenderSync(template.text, variables);
  return rendered.replace(/\s+/g, ' ').trim();
}
