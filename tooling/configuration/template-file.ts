import type { MessageTemplate } from '../../src/schemas/configuration/published-configuration.ts';

/** A valid template: `name` is `<language>/<workflow>.<channel>`, and `lines` is where its parts start in the file. */
export type TemplateFile = {
  file: string;
  name: string;
  template: MessageTemplate;
  lines: { class: number; subject: number; text: number };
};
