import { nearestName } from '../../src/platform/nearest-name.ts';
import { UsageError } from './failures.ts';
import type { ValueForm } from './value-forms.ts';

/** `placeholder` stands for the value in the help: a flag has none. `read` gets the texts that were given, in order. */
export type Option<T = unknown> = {
  kind: 'flag' | 'value' | 'argument';
  placeholder: string;
  about: string;
  limits: string[];
  choices: Record<string, string>;
  read: (label: string, given: string[]) => T;
};

type About = { placeholder: string; about: string };

export function flag(about: string, byDefault = false): Option<boolean> {
  return { kind: 'flag', placeholder: '', about, limits: [], choices: {}, read: (_, given) => byDefault || given.length > 0 };
}

/** An option with a value. Of several values, the last one counts. `defaultText` describes a default that the command works out. */
export function value<T>(
  form: ValueForm<T>,
  details: About & ({ default: NoInfer<T>; defaultText?: string } | { required: true }),
): Option<T>;
export function value<T>(form: ValueForm<T>, details: About & { defaultText?: string }): Option<T | undefined>;
export function value<T>(
  form: ValueForm<T>,
  { placeholder, about, ...rest }: About & { default?: T; defaultText?: string; required?: true },
): Option<T | undefined> {
  const { default: byDefault, defaultText = byDefault, required } = rest;
  return {
    kind: 'value',
    placeholder,
    about,
    limits: limitsOf(form, required ? 'required' : defaultText === undefined ? undefined : `default: ${defaultText}`),
    choices: form.choices ?? {},
    read: (label, given) => {
      const text = given.at(-1);
      if (text === undefined && required) throw new UsageError(`${label} is missing. It takes ${form.accepts}`);
      return text === undefined ? byDefault : parse(form, label, text);
    },
  };
}

/** An option that takes names, separated by commas or given one by one. */
export function values<T>(form: ValueForm<T>, { placeholder, about, ...rest }: About & { default?: T[] }): Option<T[]> {
  return {
    kind: 'value',
    placeholder,
    about,
    limits: limitsOf(form, rest.default === undefined ? undefined : `default: ${rest.default.join(',')}`),
    choices: form.choices ?? {},
    read: (label, given) =>
      given.length === 0 ? (rest.default ?? []) : given.flatMap((text) => text.split(',')).map((text) => parse(form, label, text.trim())),
  };
}

/** The one argument of a command, which is required. */
export function argument<T>(form: ValueForm<T>, { placeholder, about }: About): Option<T> {
  return {
    kind: 'argument',
    placeholder,
    about,
    limits: limitsOf(form, undefined),
    choices: form.choices ?? {},
    read: (_, [text, another]) => {
      if (text === undefined) throw new UsageError(`${placeholder} is missing. It takes ${form.accepts}`);
      if (another !== undefined) throw new UsageError(`Only one ${placeholder} at a time: "${another}" is one too many`);
      return parse(form, placeholder, text);
    },
  };
}

function limitsOf(form: ValueForm<unknown>, more: string | undefined): string[] {
  return [form.limits, more].filter((limit) => limit !== undefined);
}

function parse<T>(form: ValueForm<T>, label: string, text: string): T {
  const parsed = form.parse(text);
  if (parsed !== undefined) return parsed;
  const nearest = nearestName(text, [...(form.names ?? [])]);
  const meant = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  throw new UsageError(`${label} takes ${form.accepts}, not "${text}"${meant}`);
}
