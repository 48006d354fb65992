import { TemplateFailed, variablesAskedFor } from '../../src/messaging/template-engine.ts';
import { nearestName } from '../../src/platform/nearest-name.ts';
import { OFFER_WORKFLOW } from '../../src/schemas/offer/offer-record.ts';
import type { ConfigurationFault } from './fault.ts';
import { OFFER_REDEEMED, variableNames } from './sample-messages.ts';
import type { TemplateFile } from './template-file.ts';
import { memberFault } from './template-members.ts';

const LIQUID_REMEDY = 'docs/configuration.md lists the variables and filters; every tag needs its end';
const LIMIT_REMEDY = 'No message would go out: take loops within loops, and text that doubles itself, out of it';

/** Checks that a template is valid Liquid, uses only existing variables, and promotes nothing unless it is marketing. */
export function checkTemplate(found: TemplateFile): ConfigurationFault[] {
  const { name, template } = found;
  const faults = [...checkPart(found, 'text', template.text)];
  if (template.subject !== undefined) faults.push(...checkPart(found, 'subject', template.subject));
  if (name.endsWith('.email') && template.subject === undefined) faults.push(subjectMissing(found));
  if (workflowPart(name) === OFFER_WORKFLOW && template.class !== 'marketing') faults.push(notMarketing(found));
  return faults;
}

/** Reports a Liquid error at the line that the engine gives. */
export function liquidFault({ file, lines }: TemplateFile, field: 'text' | 'subject', error: unknown): ConfigurationFault {
  const cause = error instanceof TemplateFailed ? error.cause : error;
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.name) : String(cause);
  const [, row = '1'] = /, line:(\d+)/.exec(message) ?? [];
  const exceeded = error instanceof TemplateFailed ? error.exceeded : undefined;
  const fault = exceeded ?? message.replace(/, line:\d+, col:\d+$/, '');
  const remedy = exceeded === undefined ? LIQUID_REMEDY : LIMIT_REMEDY;
  return { severity: 'error', file, line: lines[field] + Number(row) - 1, field, fault, remedy };
}

function checkPart(found: TemplateFile, field: 'text' | 'subject', source: string): ConfigurationFault[] {
  try {
    const asked = variablesAskedFor(source);
    const loopsOver = asked.some(({ name }) => name === 'rollover');
    return asked.flatMap((one) => {
      const wrong = (one.isOwn ? undefined : whatIsWrong(found, one.name)) ?? memberFault(one, loopsOver);
      const { line } = one;
      return wrong ? [{ severity: 'error' as const, file: found.file, line: found.lines[field] + line - 1, field, ...wrong }] : [];
    });
  } catch (error) {
    return [liquidFault(found, field, error)];
  }
}

/** The law treats a service or regulatory message that promotes as marketing (United Kingdom: regulator v EE). */
function whatIsWrong({ name, template }: TemplateFile, variable: string): { fault: string; remedy: string } | undefined {
  const isConfirmation = name.slice(name.indexOf('/') + 1).startsWith(`${OFFER_REDEEMED}.`) && variable === 'offer';
  if (/^offer/i.test(variable) && template.class !== 'marketing' && !isConfirmation) {
    const fault = `a ${template.class} message mentions the offer variable "${variable}"`;
    return { fault, remedy: 'Take the offer out: a notice and an offer are two messages, and only marketing may promote' };
  }
  if (variable === 'unsubscribe' && !(template.class === 'marketing' && name.endsWith('.email'))) {
    const fault = 'names the link to unsubscribe, which only a marketing email has';
    return { fault, remedy: 'Take it out' };
  }
  const known = variableNames(name.slice(name.indexOf('/') + 1));
  if (known.includes(variable)) return undefined;
  const meant = nearestName(variable, known);
  return { fault: `there is no variable "${variable}"`, remedy: meant ? `Write "${meant}"` : `There are: ${known.join(', ')}` };
}

function workflowPart(name: string): string {
  return name.slice(name.indexOf('/') + 1).split('.')[0] ?? name;
}

function notMarketing({ file, template }: TemplateFile): ConfigurationFault {
  const fault = `is ${template.class}, and an offer is marketing, whatever its words: consent, hours and caps apply`;
  return { severity: 'error', file, line: 1, field: 'class', fault, remedy: 'Write class: marketing' };
}

function subjectMissing({ file, lines }: TemplateFile): ConfigurationFault {
  const fault = {
    field: 'subject',
    fault: 'is missing, and an email needs one',
    remedy: 'Add a line such as subject: "{{ brand }}: your plan"',
  };
  return { severity: 'error', file, line: lines.subject, ...fault };
}
