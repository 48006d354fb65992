import type * as z from 'zod';

/** `detail` is what was expected, and never contains the value. */
export type SchemaFault = { path: PropertyKey[]; detail: string };

export function schemaFaults(issue: z.core.$ZodIssue): SchemaFault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], detail: 'is an unknown field' }));
  if (issue.code === 'invalid_key') return [{ path, detail: 'is an unknown field' }];
  if (!/^(Invalid|Too (big|small)|Unrecognized)/.test(issue.message)) return [{ path, detail: `expected ${issue.message}` }];
  if (issue.code === 'invalid_value') return [{ path, detail: `expected one of: ${issue.values.map(String).join(', ')}` }];
  if (issue.code === 'too_big') return [{ path, detail: `expected at most ${issue.maximum}${unitOf(issue)}` }];
  if (issue.code === 'too_small') return [{ path, detail: `expected at least ${issue.minimum}${unitOf(issue)}` }];
  if (issue.code === 'invalid_type') return [{ path, detail: `expected ${NAMES[issue.expected] ?? issue.expected}` }];
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return [{ path, detail: 'expected a time with an offset such as "2026-05-01T08:00:00Z"' }];
  return [{ path, detail: `expected ${issue.message}` }];
}

const NAMES: Record<string, string> = {
  string: 'text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
};

function unitOf({ origin }: { origin: string }): string {
  return origin === 'string' ? ' character(s)' : '';
}
