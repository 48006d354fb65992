import { type Command, labelOf } from './command.ts';
import type { Option } from './options.ts';

const WIDTH = 110;
const LABEL_WIDTH = 26;

export function helpText({ name, about, options, notes = [], examples, exitCodes }: Command): string {
  const shown = Object.entries(options).map(([field, option]) => ({ label: labelOf(field, option), option }));
  const argument = shown.find(({ option }) => option.kind === 'argument');
  const rows = [
    ...shown.map(({ label, option }) => [withPlaceholder(label, option), description(option), option.choices] as const),
    ['--help', 'Show this help', {}] as const,
  ];
  return [
    `Usage: ${[name, '--', ...(argument ? [argument.label] : []), '[options]'].join(' ')}`,
    wrapped(about),
    ['Options:', ...rows.flatMap(([label, text, choices]) => [...row(label, text), ...list(choices)])].join('\n'),
    ...notes.map(wrapped),
    ['Examples:', ...examples.map((example) => `  ${example}`)].join('\n'),
    [
      'Exit codes:',
      ...Object.entries({ ...exitCodes, 2: exitCodes[2] ?? 'wrong options' }).map(([code, text]) => `  ${code.padEnd(4)} ${text}`),
    ].join('\n'),
  ].join('\n\n');
}

function withPlaceholder(label: string, { kind, placeholder }: Option): string {
  return kind === 'value' ? `${label} ${placeholder}` : label;
}

function description({ about, limits }: Option): string {
  return limits.length === 0 ? about : `${about} (${limits.join('; ')})`;
}

/** Below an option: the names that it takes. */
function list(choices: Record<string, string>): string[] {
  const width = Math.max(0, ...Object.keys(choices).map((name) => name.length)) + 6;
  return Object.entries(choices).flatMap(([name, text]) => columns(`    ${name}`.padEnd(width), text));
}

function row(label: string, text: string): string[] {
  const lines = columns(`  ${label}`.padEnd(LABEL_WIDTH), text);
  return label.length + 2 < LABEL_WIDTH ? lines : [`  ${label}`, ...columns(' '.repeat(LABEL_WIDTH), text)];
}

function columns(label: string, text: string): string[] {
  const [first = '', ...others] = linesOf(text, WIDTH - label.length);
  return [`${label}${first}`, ...others.map((line) => `${' '.repeat(label.length)}${line}`)];
}

function wrapped(text: string): string {
  return linesOf(text, WIDTH).join('\n');
}

function linesOf(text: string, width: number): string[] {
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
