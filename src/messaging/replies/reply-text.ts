import type { MessageTemplate } from '../../schemas/configuration/published-configuration.ts';
import { renderTemplate } from '../template-engine.ts';

export type ReplyVariables = {
  brand: string;
  reply: 'stopped' | 'started' | 'help';
};

/** @throws TemplateFailed when the template cannot be rendered. */
export function renderReply(template: MessageTemplate, variables: ReplyVariables): string {
  return renderTemplate(template.text, variables).replaceAll(/\s+/g, ' ').trim();
}
