import * as z from 'zod';

/**
 * One thing that is wrong with an input: where, what was expected there, and what kind of thing was found.
 * It never holds the value itself, so a fault may stand in a log line.
 */
export const Fault = z.object({ path: z.string(), expected: z.string(), received: z.string() });
export type Fault = z.infer<typeof Fault>;

/** Names the kind of a value, never its content: `nothing`, `empty text`, `text`, `number`, `list`, `object`, … */
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

/** As many faults, and as much of their paths, as fit a record: keys in a path may be of any length. */
export function shortFaults(faults: Fault[]): Fault[] {
  return faults.slice(0, MAX_FAULTS).map((fault) => ({ ...fault, path: shortPath(fault.path) }));
}

function shortPath(path: string): string {
  return path.length <= MAX_PATH_CHARACTERS ? path : `${path.slice(0, MAX_PATH_CHARACTERS).toWellFormed()}…`;
}
