import { renderEmail, renderSms } from '../../src/messaging/message-text.ts';
import { renderReply } from '../../src/messaging/replies/reply-text.ts';
import { countSms } from '../../src/messaging/sms-parts.ts';
import { showsUnsubscribeLink } from '../../src/messaging/unsubscribe-link.ts';
import type { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { MessageKind } from '../../src/schemas/message/message-kind.ts';
import { liquidFault } from './check-template.ts';
import type { ConfigurationFault } from './fault.ts';
import { REPLY_TEMPLATE, type SampleMessage, sampleMessages, sampleReplies, unsubscribeSample, workflowOf } from './sample-messages.ts';
import type { TemplateFile } from './template-file.ts';

const TEXT_REMEDY = 'Shorten the text; the preview command shows it with its count';

/** Renders a template with every sample event and message kind, and reports what fails or costs more. */
export function checkRendering(found: TemplateFile, configuration: TenantConfiguration): ConfigurationFault[] {
  const [language = '', name = ''] = found.name.split('/');
  if (name === REPLY_TEMPLATE) {
    const replies = sampleReplies(configuration);
    return checkTexts(found, configuration.name, replies, ({ variables }) => renderReply(found.template, variables));
  }
  const workflow = workflowOf(name);
  const unsubscribe = unsubscribeSample(found.template, name);
  const samples = MessageKind.options.flatMap((kind) => sampleMessages(workflow, configuration, { language, kind, unsubscribe }));
  if (name.endsWith('.email')) return checkEmails(found, samples);
  return checkTexts(found, configuration.name, samples, ({ variables }) => renderSms(found.template, variables));
}

type Text = { what: string; text: string };

function checkTexts<Sample extends { what: string }>(
  found: TemplateFile,
  brand: string,
  samples: Sample[],
  render: (sample: Sample) => string,
): ConfigurationFault[] {
  const texts: Text[] = [];
  for (const sample of samples) {
    try {
      texts.push({ what: sample.what, text: render(sample) });
    } catch (error) {
      return [liquidFault(found, 'text', error)];
    }
  }
  const empty = texts.find(({ text }) => text === '');
  return empty ? [emptyFault(found, 'text', empty.what)] : countFaults(found, texts, brand);
}

function countFaults(found: TemplateFile, texts: Text[], brand: string): ConfigurationFault[] {
  const counted = texts.map(({ what, text }) => ({ what, ...countSms(text) }));
  const longest = counted.reduce((most, one) => (one.parts > most.parts ? one : most));
  const forced = counted.find(({ forcedBy }) => forcedBy !== undefined);
  const place = { file: found.file, line: found.lines.text, field: 'text', remedy: TEXT_REMEDY };
  const size = `${longest.parts} parts (${longest.characters} characters of ${longest.encoding}) for ${brand}: ${longest.what}`;
  const faults: ConfigurationFault[] = [];
  if (longest.tooLong) faults.push({ severity: 'error', ...place, fault: `takes ${size}, and no carrier takes that much` });
  else if (longest.parts > 1) faults.push({ severity: 'warning', ...place, fault: `takes ${size}` });
  if (forced?.forcedBy) faults.push(alphabetFault(found, forced.forcedBy, forced.what));
  return faults;
}

function alphabetFault({ file, template, lines }: TemplateFile, character: string, what: string): ConfigurationFault {
  const row = template.text.split('\n').findIndex((line) => line.includes(character));
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const fault = `"${character}" (U+${code}) is not in the GSM-7 alphabet and makes the text UCS-2, 70 characters a part: ${what}`;
  const remedy = row < 0 ? 'It comes out of a variable: put "| gsm" behind it' : 'Write it without, if the price matters';
  return { severity: 'warning', file, line: lines.text + Math.max(row, 0), field: 'text', fault, remedy };
}

function checkEmails(found: TemplateFile, samples: SampleMessage[]): ConfigurationFault[] {
  for (const { what, variables } of samples) {
    try {
      const words = renderEmail(found.template, variables);
      const { subject, text } = words;
      if (text === '') return [emptyFault(found, 'text', what)];
      if (subject === '') return [emptyFault(found, 'subject', what)];
      if (found.template.class === 'marketing' && !showsUnsubscribeLink(words)) return [noUnsubscribeLink(found, what)];
    } catch (error) {
      return [liquidFault(found, 'text', error)];
    }
  }
  return [];
}

function noUnsubscribeLink({ file, lines }: TemplateFile, what: string): ConfigurationFault {
  const fault = `has no link to unsubscribe for ${what}, so it would be refused (no-unsubscribe-link)`;
  return { severity: 'error', file, line: lines.text, field: 'text', fault, remedy: 'Write {{ unsubscribe }} where its reader finds it' };
}

function emptyFault({ file, lines }: TemplateFile, field: 'text' | 'subject', what: string): ConfigurationFault {
  return { severity: 'error', file, line: lines[field], field, fault: `is empty for ${what}`, remedy: 'Give every case its words' };
}
