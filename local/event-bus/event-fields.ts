export type Scalar = string | number | boolean | null;

/**
 * Where a value sits: the innermost element of an array that it lies in as part of an object or an inner array, and what that one lies in.
 * A chain, because a copy of what is around it for each element would be the square of a list.
 */
export type ArrayPosition = { array: number; index: number; around: ArrayPosition } | undefined;

export type Field = { value: Scalar; position: ArrayPosition };

/** The paths that a pattern names, and all that lead to one of them. What is beside them is not walked through, however much it is. */
export type WantedPaths = { leaves: ReadonlySet<string>; branches: ReadonlySet<string>; longest: number };

export function wantedPaths(paths: string[]): WantedPaths {
  const branches = paths.flatMap((path) => [...path.matchAll(/\./g)].map(({ index }) => path.slice(0, index)));
  return { leaves: new Set(paths), branches: new Set(branches), longest: Math.max(0, ...paths.map((path) => path.length)) };
}

/**
 * The values of an event at these dotted paths, in the way AWS's event-ruler sees them: `{"a.b": 1}` and `{"a": {"b": 1}}` are the same
 * path, an array stands for all its elements, and an empty array or object for nothing at all.
 */
export function fieldsByPath(event: Record<string, unknown>, { leaves, branches, longest }: WantedPaths): Map<string, Field[]> {
  const fields = new Map<string, Field[]>([...leaves].map((path) => [path, []]));
  let arraysSeen = 0;

  function addObject(object: object, prefix: string, position: ArrayPosition): void {
    for (const [key, value] of Object.entries(object)) {
      // Before they are joined: a long key with many inside it would be copied for each.
      if (prefix.length + key.length > longest) continue;
      const path = prefix + key;
      if (leaves.has(path) || branches.has(path)) add(value, path, position);
    }
  }

  function addArray(elements: unknown[], path: string, around: ArrayPosition): void {
    const array = arraysSeen++;
    for (const [index, element] of elements.entries()) {
      // Plain elements carry no place: only what lies inside one element belongs together.
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

/** What has been chosen so far: for each array, the element. */
export type Chosen = ReadonlyMap<number, number>;

/**
 * What is chosen together with a further place, or undefined when they name different elements of the same array: values that match
 * together must come from the same element (event-ruler's array consistency).
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
