import type { MessageTemplate } from '../../src/schemas/published-configuration.ts';

/** A template that holds by itself: `name` is `<language>/<workflow>.<channel>`, `lines` says where its parts begin in the file. */
export type TemplateFile = {
  file: string;
  name: string;
  template: MessageTemplate;
  lines: { class: number; subject: number; text: number };
};
