/**
 * One thing about the configuration to fix: where it is, what is wrong and how to fix it. `line` counts from 1. An error keeps the
 * whole folder from being published; a warning does not.
 */
export type ConfigurationFault = {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  field: string;
  fault: string;
  remedy: string;
};

/** Whether a fault keeps the configuration from being published. */
export function isError({ severity }: ConfigurationFault): boolean {
  return severity === 'error';
}

/** A fault as one line of a report: `error: file:line field: what is wrong. How to fix it.` */
export function faultLine({ severity, file, line, field, fault, remedy }: ConfigurationFault): string {
  return `${severity}: ${file}:${line} ${field}: ${fault}. ${remedy}.`;
}
