type Condition = readonly [path: string, element: unknown];

/**
 * Splits a pattern into patterns with one match per field, any of which is enough: the branches of `$or` and the values of a list.
 *
 * event-ruler's answer to a pattern with several of them depends on the order in which it happens to add them to its machine, which changes
 * from run to run (in 1.8.1 to 2.1.0: `{"b": ["z", {"numeric": ["<", 300]}, "n"]}` sometimes misses `{"b": "z"}`, and `{"$or": [{"a":
 * ["x"]}, {"a": ["ab", "x"]}]}` sometimes misses `{"a": "ab"}`). A single alternative avoids that.
 */
export function elementaryPatterns(pattern: unknown): string[] {
  return alternativesOf(pattern, '').map((conditions) =>
    JSON.stringify(Object.fromEntries(conditions.map(([path, element]) => [path, [element]]))),
  );
}

function alternativesOf(pattern: unknown, prefix: string): Condition[][] {
  return Object.entries(Object(pattern)).reduce<Condition[][]>(
    (sofar, [key, value]) => sofar.flatMap((before) => entryAlternatives(key, value, prefix).map((after) => [...before, ...after])),
    [[]],
  );
}

function entryAlternatives(key: string, value: unknown, prefix: string): Condition[][] {
  if (!Array.isArray(value)) return alternativesOf(value, `${prefix}${key}.`);
  if (key === '$or') return value.flatMap((branch: unknown) => alternativesOf(branch, prefix));
  return value.map((element: unknown) => [[`${prefix}${key}`, element]]);
}
