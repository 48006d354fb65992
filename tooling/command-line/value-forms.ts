/** `accepts` completes the sentence "--option takes …", and `limits` is the short form of it for the help. */
export type ValueForm<T> = {
  accepts: string;
  limits?: string;
  names?: readonly string[];
  /** Names that the help describes one by one. */
  choices?: Record<string, string>;
  /** undefined: the text is not accepted. */
  parse: (text: string) => T | undefined;
};

export const anyText: ValueForm<string> = { accepts: 'a text that is not empty', parse: (text) => (text === '' ? undefined : text) };

export function matching(form: RegExp, accepts: string): ValueForm<string> {
  return { accepts, parse: (text) => (form.test(text) ? text : undefined) };
}

export function wholeNumber(from: number, to: number): ValueForm<number> {
  return { ...range(/^\d+$/, from, to), accepts: `a whole number from ${from} to ${to}` };
}

export function decimal(from: number, to: number): ValueForm<number> {
  return { ...range(/^-?\d+(\.\d+)?$/, from, to), accepts: `a number from ${from} to ${to}` };
}

function range(form: RegExp, from: number, to: number) {
  const parse = (text: string) => (form.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : undefined);
  return { limits: `${from} to ${to}`, parse };
}

/** As a share of 1. */
export const percentage: ValueForm<number> = {
  accepts: 'a percentage from 0% to 100%, such as 5%',
  limits: '0% to 100%',
  parse: (text) => {
    const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
    return percent <= 100 ? percent / 100 : undefined;
  },
};

/** The help has the choices, if they are given, or just lists the names. */
export function oneOf<const Name extends string>(names: readonly Name[], choices?: Record<string, string>): ValueForm<Name> {
  return {
    accepts: `one of ${names.join(', ')}`,
    names,
    ...(choices === undefined ? { limits: names.join(', ') } : { choices }),
    parse: (text) => names.find((name) => name === text),
  };
}

export const httpUrl: ValueForm<string> = {
  accepts: 'an http or https URL, such as http://127.0.0.1:4401',
  parse: (text) => (/^https?:/.test(text) && URL.canParse(text) ? text : undefined),
};

/** In milliseconds since the epoch. */
export const isoTime: ValueForm<number> = {
  accepts: 'an ISO 8601 time from 2000 to 2099 with Z or an offset',
  parse: (text) => {
    const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
    return time >= Date.UTC(2000, 0, 1) && time < Date.UTC(2100, 0, 1) ? time : undefined;
  },
};
