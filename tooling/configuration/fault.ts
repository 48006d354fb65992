/** `line` counts from 1. An error prevents publishing of the whole folder; a warning does not. */
export type ConfigurationFault = {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  field: string;
  fault: string;
  remedy: string;
};

export function isError({ severity }: ConfigurationFault): boolean {
  return severity === 'error';
}

/** `error: file:line field: what is wrong. How to fix it.` */
export function faultLine({ severity, file, line, field, fault, remedy }: ConfigurationFault): string {
  return `${severity}: ${file}:${line} ${field}: ${fault}. ${remedy}.`;
}
