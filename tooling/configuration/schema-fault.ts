import * as z from 'zod';
import type { LocatedFault } from '../../src/configuration/publication-conflict.ts';
import { nearestName } from '../../src/platform/nearest-name.ts';

const SEE_DOCUMENTATION = 'docs/configuration.md says what it may be';

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  propertyNames?: { enum?: string[] };
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};

/** Top-level fields that belong in another file. */
export type Elsewhere = { fields: string[]; file: string; whose: string };

/** One fault for each unknown field, with the remedy. */
export function schemaFaults(schema: z.ZodType, issue: z.core.$ZodIssue, elsewhere?: Elsewhere): LocatedFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      elsewhere && issue.path.length === 0 && elsewhere.fields.includes(key)
        ? wrongFolder(key, elsewhere)
        : unknownField(schema, issue.path, key),
    );
  if (issue.code === 'invalid_key') return [unknownKey(issue)];
  return [{ path: issue.path, ...summary(issue) }];
}

function wrongFolder(key: string, { file, whose }: Elsewhere): LocatedFault {
  return { path: [key], fault: `is a setting of ${whose} and belongs in ${file}`, remedy: `Move it to ${file}` };
}

function unknownField(schema: z.ZodType, path: PropertyKey[], key: string): LocatedFault {
  const known = fieldsAt(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, path);
  const meant = nearestName(key, known);
  const remedy = meant ? `Write "${meant}"` : `Remove it${known.length > 0 ? `; there are: ${known.join(', ')}` : ''}`;
  return { path: [...path, key], fault: 'is an unknown field', remedy };
}

function unknownKey(issue: z.core.$ZodIssueInvalidElement | z.core.$ZodIssueInvalidKey): LocatedFault {
  const [inner] = issue.issues;
  return { path: issue.path, ...(inner ? summary(inner) : { fault: 'is no key here', remedy: 'Remove it' }) };
}

function summary(issue: z.core.$ZodIssue): { fault: string; remedy: string } {
  const found = /^(Invalid|Too big|Too small|Unrecognized)/.test(issue.message);
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(', ');
    return { fault: `is none of: ${values}`, remedy: `Write one of: ${values}` };
  }
  if (issue.code === 'invalid_type' && / received undefined$/.test(issue.message))
    return { fault: `is missing: ${expected(issue)}`, remedy: 'Add it; docs/configuration.md says what it is' };
  if (issue.code === 'invalid_type') return { fault: expected(issue), remedy: `Write ${withArticle(issue.expected)}` };
  if (issue.code === 'too_big') return { fault: expected(issue), remedy: `Write at most ${issue.maximum}${what(issue)}` };
  if (issue.code === 'too_small')
    return { fault: expected(issue), remedy: `Write ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${what(issue)}` };
  if (issue.code === 'invalid_union') return describeUnion(issue);
  if (!found) return { fault: `is not ${issue.message}`, remedy: `Write ${issue.message}` };
  return { fault: 'is none of what it may be', remedy: SEE_DOCUMENTATION };
}

/** The form of which only one field is wrong is the one that was meant. */
function describeUnion({ errors }: z.core.$ZodIssueInvalidUnion): { fault: string; remedy: string } {
  const forms = errors.flatMap(([issue]) => (issue ? [issue] : []));
  const meant = forms.find(({ path }) => path.length > 0);
  if (meant) {
    const { fault, remedy } = summary(meant);
    return { fault: `${meant.path.join('.')} ${fault}`, remedy };
  }
  return { fault: 'is none of what it may be', remedy: forms.map((issue) => summary(issue).remedy).join('; or ') || SEE_DOCUMENTATION };
}

function expected(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^(Invalid input|Too big|Too small): /, '');
}

function what({ origin }: { origin: string }): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' ? ' entries' : '';
}

function withArticle(type: string): string {
  if (type === 'string') return 'text, in quotes where it holds "{" or ": "';
  return type === 'int' ? 'a whole number' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** The fields that a schema has at a path. */
function fieldsAt(schema: JsonSchema, path: PropertyKey[]): string[] {
  const [key, ...rest] = path;
  if (key === undefined) {
    const named = [...Object.keys(schema.properties ?? {}), ...(schema.propertyNames?.enum ?? [])];
    return [...named, ...(schema.anyOf ?? []).flatMap((one) => fieldsAt(one, []))];
  }
  const inner = typeof key === 'number' ? schema.items : (schema.properties?.[String(key)] ?? schema.additionalProperties);
  return typeof inner === 'object' ? fieldsAt(inner, rest) : (schema.anyOf ?? []).flatMap((one) => fieldsAt(one, path));
}
