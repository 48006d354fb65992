import { parseAst } from 'vitest/node';
import * as z from 'zod';

/** A regular expression of a source file. Without `source` it is put together in a way that cannot be read here. */
export type Pattern = { file: string; line: number; written: string; source: string | undefined; flags: string };

type Expression = Pick<Pattern, 'source' | 'flags'>;
type Node = { type: string; start: number; end: number };

/** Methods of a text that make a regular expression of a text. */
const TAKE_TEXT = ['match', 'matchAll', 'search'];

/** The formats of zod that are regular expressions. */
const FORMATS: Record<string, (options: object) => z.ZodType> = {
  'iso.datetime': (options) => z.iso.datetime(options),
  'iso.date': (options) => z.iso.date(options),
  'iso.time': (options) => z.iso.time(options),
  'iso.duration': (options) => z.iso.duration(options),
  email: (options) => z.email(options),
  uuid: (options) => z.uuid(options),
  ulid: (options) => z.ulid(options),
  e164: (options) => z.e164(options),
  base64: (options) => z.base64(options),
  ipv4: (options) => z.ipv4(options),
  ipv6: (options) => z.ipv6(options),
};

/** What else `z` is asked for: no regular expression, or one that is given as a literal. */
const NO_FORMATS =
  /^(?:array|boolean|core|custom|discriminatedUnion|enum|infer|input|output|instanceof|int|json|literal|looseObject|never|null|number|object|partialRecord|preprocess|record|strictObject|string|tuple|undefined|union|unknown|lazy|transform|pipe|iso)$/;

/** Every regular expression of a TypeScript source: literals, calls of RegExp, texts given to `match` and its like, formats of zod. */
export function patternsOf(file: string, text: string): Pattern[] {
  const nodes = [...walk(parseAst(text, { lang: 'ts' }, file))];
  const constants = new Map(nodes.flatMap(constantOf));
  return nodes.flatMap((node) => {
    const found = literal(node) ?? construction(node, constants) ?? textPattern(node, constants) ?? format(node);
    const written = text.slice(node.start, node.end);
    return found ? [{ file, line: text.slice(0, node.start).split('\n').length, written, ...found }] : [];
  });
}

function* walk(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  if (isNode(value)) yield value;
  for (const inner of Object.values(value)) yield* walk(inner);
}

function isNode(value: object): value is Node {
  return 'type' in value && 'start' in value;
}

/** What stands in a node at a path of names. */
function at(node: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (inner === null || inner === undefined ? undefined : Reflect.get(Object(inner), name)),
    node,
  );
}

function literal(node: unknown): Expression | undefined {
  const source = at(node, 'regex', 'pattern');
  return typeof source === 'string' ? { source, flags: String(at(node, 'regex', 'flags')) } : undefined;
}

type Constants = Map<string, string>;

/** A constant that is a regular expression, by its name, or one that is a text. */
function constantOf(node: Node): [string, string][] {
  if (node.type !== 'VariableDeclarator') return [];
  const value = literal(at(node, 'init'))?.source ?? at(node, 'init', 'value');
  return typeof value === 'string' ? [[String(at(node, 'id', 'name')), value]] : [];
}

function construction(node: Node, constants: Constants): Expression | undefined {
  if (at(node, 'callee', 'name') !== 'RegExp') return undefined;
  const flags = at(node, 'arguments', '1', 'value');
  return { source: textOf(at(node, 'arguments', '0'), constants), flags: typeof flags === 'string' ? flags : '' };
}

/** `text.match('a+')` makes a regular expression; `text.match(PATTERN)` takes one that is found where it is written. */
function textPattern(node: Node, constants: Constants): Expression | undefined {
  if (node.type !== 'CallExpression' || !TAKE_TEXT.includes(String(at(node, 'callee', 'property', 'name')))) return undefined;
  const [pattern] = [at(node, 'arguments', '0')];
  if (pattern === undefined || literal(pattern) || at(pattern, 'type') === 'Identifier') return undefined;
  return { source: textOf(pattern, constants), flags: '' };
}

function textOf(node: unknown, constants: Constants): string | undefined {
  const value = at(node, 'value');
  if (typeof value === 'string') return value;
  if (at(node, 'type') === 'Identifier') return constants.get(String(at(node, 'name')));
  if (at(node, 'type') === 'MemberExpression' && at(node, 'property', 'name') === 'source') {
    return constants.get(String(at(node, 'object', 'name')));
  }
  if (at(node, 'type') !== 'TemplateLiteral') return undefined;
  const quasis = Object.values(Object(at(node, 'quasis'))).map((part) => String(at(part, 'value', 'cooked')));
  const between = Object.values(Object(at(node, 'expressions'))).map((part) => textOf(part, constants));
  if (between.includes(undefined)) return undefined;
  return quasis.map((part, index) => `${part}${between[index] ?? ''}`).join('');
}

/** A format of zod such as `z.iso.datetime({ offset: true })`, and what is asked of `z` that nobody has looked at. */
function format(node: Node): Expression | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const name = nameBelowZod(at(node, 'callee'));
  if (name === undefined || NO_FORMATS.test(name)) return undefined;
  const create = FORMATS[name];
  const options = optionsOf(at(node, 'arguments', '0'));
  // Its pattern is given and found where it is written.
  if ('pattern' in options) return undefined;
  const pattern = create && at(create(options), '_zod', 'def', 'pattern');
  return pattern instanceof RegExp ? { source: pattern.source, flags: pattern.flags } : { source: undefined, flags: '' };
}

function nameBelowZod(callee: unknown): string | undefined {
  const name = String(at(callee, 'property', 'name'));
  if (at(callee, 'object', 'name') === 'z') return name;
  return at(callee, 'object', 'object', 'name') === 'z' && at(callee, 'object', 'property', 'name') === 'iso' ? `iso.${name}` : undefined;
}

function optionsOf(node: unknown): object {
  const entries = Object.values(Object(at(node, 'properties'))).map((part): [string, unknown] => [
    String(at(part, 'key', 'name')),
    at(part, 'value', 'value'),
  ]);
  return Object.fromEntries(entries.filter(([name, value]) => name === 'pattern' || ['boolean', 'number'].includes(typeof value)));
}
