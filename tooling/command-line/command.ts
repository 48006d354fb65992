import type { Option } from './options.ts';

/** By the name of a field: `dryRun` is the option `--dry-run`. */
export type Options = Record<string, Option>;
export type Values<O extends Options> = { [Name in keyof O]: ReturnType<O[Name]['read']> };

export type Command<O extends Options = Options> = {
  /** Such as `npm run emulate`. */
  name: string;
  about: string;
  options: O;
  notes?: string[];
  examples: string[];
  exitCodes: Record<number, string>;
  /** Unknown options and arguments are for another program. */
  allowsOthers?: boolean;
};

/** Infers the types of the options. */
export function defineCommand<O extends Options>(command: Command<O>): Command<O> {
  return command;
}

export function labelOf(field: string, { kind, placeholder }: Option): string {
  return kind === 'argument' ? placeholder : `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
