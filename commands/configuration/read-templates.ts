import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { renderText, type TemplateVariables } from '../../src/channels/message-text.ts';
import { MessageTemplate } from '../../src/schemas/tenant-configuration.ts';
import type { ConfigurationFault } from './fault.ts';

const ENDING = '.liquid';
const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/;

/** What a template is tried with: every unit, with and without an amount, both ways of counting. */
const SAMPLES: TemplateVariables[] = ['bytes', 'seconds', 'messages', 'money', 'percent', null].flatMap((unit) =>
  ['remaining', 'usage'].flatMap((counts) =>
    ['OutOfCredit', 'AccountCreditWarning', 'CounterThreshold'].map((type) => ({
      brand: 'Example Mobile',
      type,
      level: type === 'OutOfCredit' ? 'critical' : 'low',
      unit,
      counts,
      amount: unit && '205 MB',
    })),
  ),
);

/** The templates that hold, by `<language>/<workflow>.<channel>`, and everything wrong with the others. */
export type Templates = { templates: Record<string, MessageTemplate>; faults: ConfigurationFault[] };

/** Reads `<directory>/templates/<language>/<workflow>.<channel>.liquid` and tries each with sample data. */
export function readTemplates(directory: string): Templates {
  const folder = join(directory, 'templates');
  const result: Templates = { templates: {}, faults: [] };
  if (!existsSync(folder)) return result;
  for (const file of globSync(`*/*${ENDING}`, { cwd: folder }).toSorted()) {
    const read = readTemplate(join(folder, file));
    if ('faults' in read) result.faults.push(...read.faults);
    else result.templates[relative('', file).slice(0, -ENDING.length)] = read;
  }
  return result;
}

function readTemplate(file: string): MessageTemplate | { faults: ConfigurationFault[] } {
  const [, head, text] = FRONT_MATTER.exec(readFileSync(file, 'utf8')) ?? [];
  const fault = (line: number, field: string, what: string, remedy: string) => ({ faults: [{ file, line, field, fault: what, remedy }] });
  if (head === undefined || text === undefined)
    return fault(1, '(front matter)', 'is missing', 'Begin the file with "---", "class: service", "---"');
  const parsed = MessageTemplate.safeParse({ ...parseHead(head), text });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fault(
      2,
      issue?.path.join('.') || '(front matter)',
      issue?.message ?? 'does not hold',
      'A template has a class: service, regulatory or marketing',
    );
  }
  try {
    const empty = SAMPLES.find((sample) => renderText(parsed.data, sample) === '');
    if (empty)
      return fault(1, 'text', `is empty for ${empty.type} counted in ${empty.unit ?? 'an unknown unit'}`, 'Give every case its words');
    return parsed.data;
  } catch (error) {
    const bodyLine = /line:(\d+)/.exec(String(error))?.[1];
    const line = head.split('\n').length + 2 + Number(bodyLine ?? 1);
    const what = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
    return fault(line, 'text', what, 'docs/configuration.md lists the variables a template may use');
  }
}

function parseHead(head: string): object {
  const parsed: unknown = parse(head);
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}
