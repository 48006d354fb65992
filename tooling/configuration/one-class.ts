import type { ConfigurationFault } from './fault.ts';
import type { TemplateFile } from './template-file.ts';

/** A message has one class in all languages: otherwise consent and hours would apply to only some of its readers. */
export function classFaults(files: TemplateFile[], language: string): ConfigurationFault[] {
  const byMessage = Map.groupBy(files, ({ name }) => name.slice(name.indexOf('/') + 1));
  return [...byMessage.values()].flatMap((versions) => {
    const [first = undefined] = versions.toSorted((left, right) => rank(left, language) - rank(right, language));
    return versions.flatMap((found) => (first && found.template.class !== first.template.class ? [fault(found, first)] : []));
  });
}

/** The tenant's own language sets the class of the others. */
function rank({ name }: TemplateFile, language: string): number {
  return name.startsWith(`${language}/`) ? 0 : 1;
}

function fault({ file, lines, template }: TemplateFile, first: TemplateFile): ConfigurationFault {
  return {
    severity: 'error',
    file,
    line: lines.class,
    field: 'class',
    fault: `is ${template.class}, and the same message is ${first.template.class} in ${first.file}`,
    remedy: `Write class: ${first.template.class} here, or ${template.class} there, or give this language an override as well`,
  };
}
