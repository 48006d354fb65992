import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { LocatedFault } from '../../src/configuration/publication-conflict.ts';
import type { ConfigurationFault } from './fault.ts';
import { type Elsewhere, schemaFaults } from './schema-fault.ts';

const MAX_BRACKETS = 5_000;
const MAX_INDENTATION = 200;

/** The line of a field, or of the nearest element around it. */
export type LineOf = (path: PropertyKey[]) => number;

export type ReadYaml<T> = { data: T; lineOf: LineOf } | { faults: ConfigurationFault[] };

/** A whole file, or the head of a template, which starts at `firstLine`. */
export type YamlText = { file: string; text: string; firstLine?: number; whole?: string; elsewhere?: Elsewhere };

/** Faults have file, line and field. */
export function readYaml<T extends z.ZodType>(schema: T, yaml: YamlText): ReadYaml<z.infer<T>> {
  const { file, text, firstLine = 1, whole = '(file)', elsewhere } = yaml;
  if (isTooDeep(text)) return { faults: [tooDeepFault(file, firstLine, whole)] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  if (document.errors.length > 0) return { faults: document.errors.map((error) => syntaxFault(file, lineAt(error.pos[0]), whole, error)) };
  const lineOf: LineOf = (path) => lineAt(startOf(document.contents, path));
  const content = parseContent(document);
  if ('error' in content) return { faults: [syntaxFault(file, lineAt(aliasAt(text, content.error)), whole, content.error)] };
  const parsed = schema.safeParse(content.value);
  if (parsed.success) return { data: parsed.data, lineOf };
  const located = parsed.error.issues.flatMap((issue) => schemaFaults(schema, issue, elsewhere));
  return { faults: located.map((fault) => locatedFault(file, lineOf, fault, whole)) };
}

/** The parser recurses for each bracket or indentation. Brackets in comments and texts count too: no file needs so many. */
function isTooDeep(text: string): boolean {
  const brackets = text.match(/[[{]|- (?=-)|\? (?=\?)/g)?.length ?? 0;
  const indented = Math.max(0, ...text.split('\n').map((line) => line.length - line.trimStart().length));
  return brackets > MAX_BRACKETS || indented > MAX_INDENTATION;
}

function tooDeepFault(file: string, line: number, field: string): ConfigurationFault {
  const fault = `has more than ${MAX_BRACKETS} brackets, or lines that begin with more than ${MAX_INDENTATION} spaces`;
  return { severity: 'error', file, line, field, fault, remedy: 'Write lists and sections on lines of their own' };
}

/** Aliases that expand without end only fail when they are resolved. */
function parseContent(document: ReturnType<typeof parseDocument>): { value: unknown } | { error: Error } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (error instanceof ReferenceError) return { error };
    throw error;
  }
}

/** The error message ends with the alias's name. */
function aliasAt(text: string, { message }: Error): number {
  const [, alias] = /: (\S+)$/.exec(message) ?? [];
  return alias === undefined ? 0 : Math.max(0, text.indexOf(`*${alias}`));
}

export function locatedFault(
  file: string,
  lineOf: LineOf,
  { path, fault, remedy }: LocatedFault,
  whole = '(file)',
  severity: ConfigurationFault['severity'] = 'error',
): ConfigurationFault {
  return { severity, file, line: lineOf(path), field: path.join('.') || whole, fault, remedy };
}

function syntaxFault(file: string, line: number, field: string, { message }: Error): ConfigurationFault {
  const remedy = 'Fix the syntax; indentation, colons and quotes are the usual places';
  return { severity: 'error', file, line, field, fault: `is not YAML: ${message}`, remedy };
}

/** The position of a path's value; if it is missing, of the nearest element around it. */
function startOf(contents: Node | null, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = nodeAt(contents, path.slice(0, length - 1));
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const found = pair ? (pair.key as Node).range?.[0] : nodeAt(contents, path.slice(0, length))?.range?.[0];
    if (found !== undefined) return found;
  }
  return 0;
}

function nodeAt(contents: Node | null, path: PropertyKey[]): Node | undefined {
  let node: unknown = contents;
  for (const key of path)
    node =
      typeof node === 'object' && node !== null && 'get' in node
        ? (node as { get(key: unknown, keep: true): unknown }).get(key, true)
        : undefined;
  return (node as Node | undefined) ?? undefined;
}
