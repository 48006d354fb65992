import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

/** One small change of a source file that a test should notice. */
export type Mutant = { file: string; line: number; start: number; end: number; before: string; after: string };

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

const OPERATORS: Record<string, string> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '-': '+',
  '*': '/',
  '/': '*',
};

/** In a condition that DynamoDB evaluates. */
const CONDITIONS: [RegExp, string][] = [
  [/attribute_not_exists/, 'attribute_exists'],
  [/attribute_exists/, 'attribute_not_exists'],
  [/ AND /, ' OR '],
  [/ OR /, ' AND '],
  [/ = :/, ' <> :'],
  [/ < :/, ' > :'],
];

/** Every mutant of a file, in the order of the file. */
export function findMutants(root: string, file: string): Mutant[] {
  const text = readFileSync(join(root, file), 'utf8');
  const mutants: Mutant[] = [];
  const add = (start: number, end: number, after: string) => {
    const line = text.slice(0, start).split('\n').length;
    mutants.push({ file, line, start, end, before: text.slice(start, end), after });
  };
  walk(parseAst(text, { lang: 'ts' }), (node) => {
    if (isNode(node.left) && isNode(node.right) && typeof node.operator === 'string') {
      const after = OPERATORS[node.operator];
      const at = text.indexOf(node.operator, node.left.end);
      if (after !== undefined && at < node.right.start) add(at, at + node.operator.length, after);
    }
    if (node.type === 'UnaryExpression' && node.operator === '!') add(node.start, node.start + 1, '');
    if (node.type === 'Literal') mutateLiteral(node, text, add);
    if (node.type === 'TemplateElement') mutateCondition(node, text, add);
  });
  return mutants.toSorted((one, other) => one.start - other.start);
}

function mutateLiteral(node: Node, text: string, add: (start: number, end: number, after: string) => void): void {
  const { value, start, end } = node;
  if (typeof value === 'boolean') add(start, end, String(!value));
  if (typeof value === 'number') add(start, end, String(value + 1));
  if (typeof value === 'string') mutateCondition(node, text, add);
}

function mutateCondition({ start, end }: Node, text: string, add: (start: number, end: number, after: string) => void): void {
  for (const [before, after] of CONDITIONS) {
    const found = before.exec(text.slice(start, end));
    if (found) add(start + found.index, start + found.index + found[0].length, after);
  }
}

/** Types and imports hold no behaviour. */
function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  if (!isNode(value) || /^Import|^TS(?!As|Satisfies|NonNull)/.test(value.type)) return;
  visit(value);
  for (const child of Object.values(value)) if (typeof child === 'object') walk(child, visit);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
