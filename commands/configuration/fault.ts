/** One thing wrong with the configuration: where it is, and how to mend it. `line` counts from 1. */
export type ConfigurationFault = { file: string; line: number; field: string; fault: string; remedy: string };

/** A fault as one line of a report: `file:line field: what is wrong. How to mend it.` */
export function faultLine({ file, line, field, fault, remedy }: ConfigurationFault): string {
  return `${file}:${line} ${field}: ${fault}. ${remedy}`;
}
