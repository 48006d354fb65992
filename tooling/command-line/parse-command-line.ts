import { parseArgs } from 'node:util';
import { nearestName } from '../../src/platform/nearest-name.ts';
import { type Command, labelOf, type Options, type Values } from './command.ts';
import { UsageError } from './failures.ts';
import type { Option } from './options.ts';

/** @throws UsageError */
export function parseCommandLine<O extends Options>(command: Command<O>, argv: string[]): Values<O> | 'help' {
  const given = findGiven(command, argv);
  if (given === 'help') return 'help';
  const entries = Object.entries(command.options).map(([field, option]) => {
    const label = labelOf(field, option);
    return [field, option.read(label, given.get(label) ?? [])];
  });
  // The compiler does not know that the fields are those of the options.
  return Object.fromEntries(entries) as Values<O>;
}

/** The texts that were given, by label. */
function findGiven({ options, allowsOthers = false }: Command, args: string[]): Map<string, string[]> | 'help' {
  const known = Object.entries(options).map(([field, option]) => ({ label: labelOf(field, option), option }));
  const named = known.filter(({ option }) => option.kind !== 'argument');
  const types = named.map(({ label, option }) => [label.slice(2), { type: option.kind === 'flag' ? 'boolean' : 'string' } as const]);
  const declared = { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } as const };
  const { tokens } = parseArgs({ args, strict: false, tokens: true, options: declared });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return 'help';
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const found = known.find(({ label, option }) => (token.kind === 'option' ? label === token.rawName : option.kind === 'argument'));
    if (found) {
      const text = token.kind === 'option' ? textOf(found.option, token) : token.value;
      given.set(found.label, [...(given.get(found.label) ?? []), text]);
    } else if (!allowsOthers) {
      if (token.kind === 'positional') throw new UsageError(`Unexpected argument "${token.value}"`);
      throw unknownOption(token.rawName, [...named.map(({ label }) => label), '--help']);
    }
  }
  return given;
}

type Token = { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined };

function textOf({ kind, placeholder }: Option, { rawName, value, inlineValue }: Token): string {
  if (kind === 'flag') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, not "${value}"`);
    return '';
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${placeholder}`);
  if (!inlineValue && /^-./.test(value))
    throw new UsageError(`${rawName} needs a value, and "${value}" looks like an option. Write ${rawName}=${value} if it is the value`);
  return value;
}

function unknownOption(written: string, names: string[]): UsageError {
  const nearest = nearestName(written, names);
  return new UsageError(`Unknown option "${written}"${nearest === undefined ? '' : `. Did you mean "${nearest}"?`}`);
}
