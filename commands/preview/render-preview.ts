import { type ChosenTemplate, chooseTemplate, renderEmail, renderSms } from '../../src/messaging/message-text.ts';
import type { TemplateVariables } from '../../src/messaging/message-variables.ts';
import { renderReply } from '../../src/messaging/replies/reply-text.ts';
import { countSms } from '../../src/messaging/sms-parts.ts';
import type { PublishedConfiguration } from '../../src/schemas/configuration/published-configuration.ts';
import type { MessageKind } from '../../src/schemas/message/message-kind.ts';
import { Language } from '../../src/schemas/profile/language.ts';
import { CommandFailure, UsageError } from '../../tooling/command-line/failures.ts';
import { faultLine, isError } from '../../tooling/configuration/fault.ts';
import { readConfiguration } from '../../tooling/configuration/read-configuration.ts';
import {
  REPLY_TEMPLATE,
  sampleMessages,
  sampleReplies,
  unsubscribeSample,
  workflowOf,
} from '../../tooling/configuration/sample-messages.ts';

export type PreviewRequest = {
  template: string;
  tenant: string;
  language?: string | undefined;
  kind: MessageKind;
  type?: string | undefined;
  name?: string | undefined;
  directory: string;
};

/**
 * A message as a subscriber gets it, with its cost.
 *
 * @throws UsageError for an option that matches nothing, CommandFailure for a template with errors.
 */
export function renderPreview(request: PreviewRequest): string {
  const { published, faults } = readConfiguration(request.directory, 'any');
  const found = published.find(({ configuration }) => configuration.tenant === request.tenant);
  const errors = faults.filter(isError).map(faultLine);
  if (!found) {
    const message = `--tenant: ${noTenant(request, published)}`;
    throw errors.length > 0 ? new CommandFailure(message, { cause: errors }) : new UsageError(message);
  }
  const chosen = choose(request, found, errors);
  const head = `${chosen.language}/${request.template}, ${chosen.template.class}, for ${found.configuration.name}`;
  if (request.template === REPLY_TEMPLATE) return `${head}\n\n${reply(request, found, chosen)}`;
  const variables = variablesOf(request, found, chosen);
  const title = `${head}: ${variables.type}, ${variables.kind}`;
  return `${title}\n\n${request.template.endsWith('.email') ? email(chosen, variables) : text(renderSms(chosen.template, variables))}`;
}

function noTenant({ tenant, directory }: PreviewRequest, published: PublishedConfiguration[]): string {
  const known = published.map(({ configuration }) => configuration.tenant).join(', ') || 'none';
  return `there is no valid tenant "${tenant}" in ${directory}/tenants. Valid tenants: ${known}`;
}

function choose({ template, language }: PreviewRequest, published: PublishedConfiguration, errors: string[]): ChosenTemplate {
  if (language !== undefined && !Language.safeParse(language).success)
    throw new UsageError(`--language takes a language such as en, es or pt-BR, not "${language}"`);
  const chosen = chooseTemplate(template, published, language === undefined ? undefined : { language });
  if (chosen && chosen.language.split('-')[0] === (language ?? chosen.language).split('-')[0]) return chosen;
  const own = errors.filter((line) => line.includes(`/${template}.liquid:`));
  if (own.length > 0) throw new CommandFailure(own.join('\n'));
  if (chosen) throw new UsageError(`--language: there is no ${template} in "${language}"; subscribers get it in "${chosen.language}"`);
  const names = [...new Set(Object.keys(published.templates).map((name) => name.slice(name.indexOf('/') + 1)))].toSorted();
  throw new UsageError(`TEMPLATE: there is no "${template}". Templates: ${names.join(', ')}`);
}

function variablesOf(
  request: PreviewRequest,
  { configuration }: PublishedConfiguration,
  { language, template }: ChosenTemplate,
): TemplateVariables {
  const workflow = workflowOf(request.template);
  const unsubscribe = unsubscribeSample(template, request.template);
  const samples = sampleMessages(workflow, configuration, { language, kind: request.kind, name: request.name, unsubscribe });
  const types = [...new Set(samples.map(({ variables }) => variables.type))];
  const sample = samples.find(({ variables }) => request.type === undefined || variables.type === request.type);
  if (!sample) throw new UsageError(`--type: ${workflow} starts for ${types.join(', ')}, not for "${request.type}"`);
  return sample.variables;
}

function reply({ type = 'stopped' }: PreviewRequest, { configuration }: PublishedConfiguration, { template }: ChosenTemplate): string {
  const samples = sampleReplies(configuration);
  const sample = samples.find(({ variables }) => variables.reply === type);
  const kinds = samples.map(({ variables }) => variables.reply).join(', ');
  if (!sample) throw new UsageError(`--type: ${REPLY_TEMPLATE} answers ${kinds}, not "${type}"`);
  return text(renderReply(template, sample.variables));
}

function text(rendered: string): string {
  const { characters, parts, encoding, forcedBy, tooLong } = countSms(rendered);
  const cost = `${characters} characters, ${parts} ${parts === 1 ? 'part' : 'parts'}, ${encoding}`;
  const why = forcedBy === undefined ? '' : `, since GSM-7 lacks "${forcedBy}"`;
  return `${rendered}\n\n${cost}${why}${tooLong ? '; no carrier takes that much' : ''}`;
}

function email({ template }: ChosenTemplate, variables: TemplateVariables): string {
  const rendered = renderEmail(template, variables);
  return `Subject: ${rendered.subject}\n\n--- text\n${rendered.text}\n\n--- html\n${rendered.html.trimEnd()}`;
}
