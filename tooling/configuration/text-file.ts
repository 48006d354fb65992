import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import type { ConfigurationFault } from './fault.ts';

const NEWLINE = 0x0a;
const MAX_BYTES = 256 * 1_024;

/** Text that is not UTF-8 is a fault: subscribers would read replacement characters. */
export function readTextFile(file: string): { text: string } | { faults: ConfigurationFault[] } {
  if (statSync(file).size > MAX_BYTES) return { faults: [tooLarge(file)] };
  const bytes = readFileSync(file);
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  const remedy = 'Save the file as UTF-8';
  const fault = 'is not UTF-8: a character would arrive as another one';
  return { faults: [{ severity: 'error', file, line: firstBadLine(bytes), field: '(file)', fault, remedy }] };
}

function tooLarge(file: string): ConfigurationFault {
  const fault = `is larger than ${MAX_BYTES / 1_024} KB`;
  return { severity: 'error', file, line: 1, field: '(file)', fault, remedy: 'Shorten it; no file of the configuration needs that much' };
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(NEWLINE, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(row) || end < 0) return line;
    start = end + 1;
  }
  return line;
}
