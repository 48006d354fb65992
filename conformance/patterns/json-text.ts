/** JSON as text, so that a number keeps its spelling: 300, 300.0 and 3e2 are one number and three texts. */
export type JsonText = string;

export function textOf(value: string | boolean | null): JsonText {
  return JSON.stringify(value);
}

export function objectOf(entries: Iterable<readonly [key: string, value: JsonText]>): JsonText {
  return `{${[...entries].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

export function arrayOf(elements: JsonText[]): JsonText {
  return `[${elements.join(',')}]`;
}
