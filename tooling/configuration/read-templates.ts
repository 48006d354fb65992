import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { nearestName } from '../../src/platform/nearest-name.ts';
import { MAX_TEMPLATE_CHARACTERS, MessageTemplate, templateName } from '../../src/schemas/configuration/published-configuration.ts';
import { Channel } from '../../src/schemas/message/channel.ts';
import { Language } from '../../src/schemas/profile/language.ts';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { checkTemplate } from './check-template.ts';
import type { ConfigurationFault } from './fault.ts';
import { OFFER_REDEEMED, ownWordsOf, REPLY_TEMPLATE } from './sample-messages.ts';
import type { TemplateFile } from './template-file.ts';
import { readTextFile } from './text-file.ts';
import { readYaml } from './yaml-file.ts';

const ENDING = '.liquid';
const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/;
const HEAD = MessageTemplate.omit({ text: true });
const FILE_NAMES = [
  `${REPLY_TEMPLATE}${ENDING}`,
  `${templateName(OFFER_REDEEMED, 'sms')}${ENDING}`,
  ...WORKFLOWS.flatMap((workflow) => Channel.options.map((channel) => `${templateName(workflow, channel)}${ENDING}`)),
];

/** `templates` has only the valid ones, `names` has all. */
export type Templates = { templates: TemplateFile[]; names: string[]; faults: ConfigurationFault[] };

type ReadTemplate = { found: TemplateFile } | { faults: ConfigurationFault[] };

/** Reads `<folder>/<language>/<workflow>.<channel>.liquid` and checks each file alone. A file that nothing uses is a fault too. */
export function readTemplates(folder: string): Templates {
  if (!existsSync(folder)) return { templates: [], names: [], faults: [] };
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
  const wrongFolder = paths.map((path) => wrongFolderFault(folder, path));
  const names = paths.filter((_, index) => !wrongFolder[index]).map((path) => path.slice(0, -ENDING.length));
  const read = names.map((name) => readTemplate(join(folder, `${name}${ENDING}`), name));
  return {
    templates: read.flatMap((one) => ('found' in one ? [one.found] : [])),
    names,
    faults: [...wrongFolder.flatMap((fault) => fault ?? []), ...read.flatMap((one) => ('faults' in one ? one.faults : []))],
  };
}

function wrongFolderFault(folder: string, path: string): ConfigurationFault | undefined {
  const [language = '', name, ...rest] = path.split('/');
  const place = { severity: 'error' as const, file: join(folder, path), line: 1, field: '(file)' };
  if (name === undefined || rest.length > 0)
    return { ...place, fault: 'is in no folder of a language', remedy: `Move it to ${folder}/<language>/<workflow>.<sms|email>${ENDING}` };
  if (!Language.safeParse(language).success)
    return { ...place, fault: `is in the folder "${language}", which is no language`, remedy: 'Name the folder en, es or pt-BR' };
  if (FILE_NAMES.includes(name)) return undefined;
  if (name.endsWith(ENDING) && ownWordsOf(name.slice(0, -ENDING.length)) !== undefined) return undefined;
  const meant = nearestName(name, FILE_NAMES);
  const remedy = meant ? `Rename it to ${meant}` : `Name it <workflow>.<sms|email>${ENDING}; the workflows are: ${WORKFLOWS.join(', ')}`;
  return { ...place, fault: 'belongs to no workflow', remedy };
}

function readTemplate(file: string, name: string): ReadTemplate {
  const content = readTextFile(file);
  if ('faults' in content) return content;
  const source = content.text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const [, head, text] = FRONT_MATTER.exec(source) ?? [];
  if (head === undefined || text === undefined) return { faults: [headMissing(file)] };
  const textLine = head.split('\n').length + 3;
  if (text.trim() === '') return { faults: [textMissing(file, textLine)] };
  if (text.length > MAX_TEMPLATE_CHARACTERS) return { faults: [textTooLong(file, textLine, text.length)] };
  const read = readYaml(HEAD, { file, text: head, firstLine: 2, whole: '(front matter)' });
  if ('faults' in read) return read;
  const lines = { class: read.lineOf(['class']), subject: read.lineOf(['subject']), text: textLine };
  const found = { file, name, template: { ...read.data, text }, lines };
  const faults = checkTemplate(found);
  return faults.length === 0 ? { found } : { faults };
}

function textMissing(file: string, line: number): ConfigurationFault {
  const remedy = 'Write the message below the second "---"';
  return { severity: 'error', file, line, field: 'text', fault: 'is empty', remedy };
}

function textTooLong(file: string, line: number, characters: number): ConfigurationFault {
  const fault = `has ${characters} characters, and a template has ${MAX_TEMPLATE_CHARACTERS} at most`;
  return { severity: 'error', file, line, field: 'text', fault, remedy: 'Shorten it: a message says one thing' };
}

function headMissing(file: string): ConfigurationFault {
  const remedy = 'Begin the file with "---", "class: service", "---"';
  return { severity: 'error', file, line: 1, field: '(front matter)', fault: 'is missing', remedy };
}
