export type Scalar = string | number | boolean | null;

/**
 * The innermost array element around a value, with the chain of those around it. A chain, because copying the surroundings of each element
 * would take quadratic space.
 */
export type ArrayPosition = { array: number; index: number; around: ArrayPosition } | undefined;

export type Field = { value: Scalar; position: ArrayPosition };

/** `leaves` are the pattern's paths, `branches` their prefixes. Everything else in an event is skipped, however large. */
export type WantedPaths = { leaves: ReadonlySet<string>; branches: ReadonlySet<string>; longest: number };

export function wantedPaths(paths: string[]): WantedPaths {
  const branches = paths.flatMap((path) => [...path.matchAll(/\./g)].map(({ index }) => path.slice(0, index)));
  return { leaves: new Set(paths), branches: new Set(branches), longest: Math.max(0, ...paths.map((path) => path.length)) };
}

/**
 * Reads values as event-ruler does: `{"a.b": 1}` and `{"a": {"b": 1}}` are the same path, an array stands for all its elements, and an
 * empty array or object for nothing.
 */
export function fieldsByPath(event: Record<string, unknown>, { leaves, branches, longest }: WantedPaths): Map<string, Field[]> {
  const fields = new Map<string, Field[]>([...leaves].map((path) => [path, []]));
  let arraysSeen = 0;

  function addObject(object: object, prefix: string, position: ArrayPosition): void {
    for (const [key, value] of Object.entries(object)) {
      // Checked before joining, because a long key with many fields inside would be copied for each.
      if (prefix.length + key.length > longest) continue;
      const path = prefix + key;
      if (leaves.has(path) || branches.has(path)) add(value, path, position);
    }
  }

  function addArray(elements: unknown[], path: string, around: ArrayPosition): void {
    const array = arraysSeen++;
    for (const [index, element] of elements.entries()) {
      // Scalar elements have no position: only the fields of one element belong together.
      add(element, path, typeof element === 'object' && element !== null ? { array, index, around } : around);
    }
  }

  function add(value: unknown, path: string, position: ArrayPosition): void {
    if (Array.isArray(value)) addArray(value, path, position);
    else if (typeof value === 'object' && value !== null) addObject(value, `${path}.`, position);
    else if (isScalar(value)) fields.get(path)?.push({ value, position });
  }

  addObject(event, '', undefined);
  return fields;
}

/** The chosen element index of each array. */
export type Chosen = ReadonlyMap<number, number>;

/**
 * Adds a position. Undefined when both name different elements of one array: matching values must come from the same element (event-ruler's
 * array consistency).
 */
export function choose(chosen: Chosen, position: ArrayPosition): Chosen | undefined {
  if (position === undefined) return chosen;
  const both = new Map(chosen);
  for (let each: ArrayPosition = position; each !== undefined; each = each.around) {
    if ((chosen.get(each.array) ?? each.index) !== each.index) return undefined;
    both.set(each.array, each.index);
  }
  return both;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
