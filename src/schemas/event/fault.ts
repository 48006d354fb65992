import * as z from 'zod';

/**
 * One fault of an input: the path, what was expected, and the kind of value that was received. It never has the value itself, so it may be
 * logged.
 */
export const Fault = z.object({ path: z.string(), expected: z.string(), received: z.string() });
export type Fault = z.infer<typeof Fault>;

/** The kind of a value, never its content: `nothing`, `empty text`, `text`, `number`, `list`, `object`, … */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value) ? 'number' : 'number beyond 2^53';
  return typeof value;
}

const MAX_FAULTS = 100;
const MAX_PATH_CHARACTERS = 200;

/** Limits the faults and their paths to what fits a record: keys in a path may have any length. */
export function shortFaults(faults: Fault[]): Fault[] {
  return faults.slice(0, MAX_FAULTS).map((fault) => ({ ...fault, path: shortPath(fault.path) }));
}

function shortPath(path: string): string {
  return path.length <= MAX_PATH_CHARACTERS ? path : `${path.slice(0, MAX_PATH_CHARACTERS).toWellFormed()}…`;
}
