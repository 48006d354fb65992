import type { MessageTemplate } from '../schemas/published-configuration.ts';
import { renderTemplate } from './template-engine.ts';

export type ReplyVariables = {
  /** The tenant's name as subscribers know it. */
  brand: string;
  /** What is answered: texts stopped, texts started again, or help was asked for. */
  reply: 'stopped' | 'started' | 'help';
};

/**
 * The answer to a subscriber's text, on one line.
 *
 * @throws TemplateFailed when the template cannot be rendered.
 */
export function renderReply(template: MessageTemplate, variables: ReplyVariables): string {
  return renderTemplate(template.text, variables).replaceAll(/\s+/g, ' ').trim();
}
