export type Scalar = string | number | boolean | null;

/** Where a value sits: for each array it lies in as part of an object or an inner array, the index of that element. */
export type Place = ReadonlyMap<number, number>;

export type Field = { value: Scalar; place: Place };

const nowhere: Place = new Map();

/**
 * The values of an event by dotted path, in the way AWS's event-ruler sees them: `{"a.b": 1}` and `{"a": {"b": 1}}` are the same path,
 * an array stands for all its elements, and an empty array or object for nothing at all.
 */
export function fieldsByPath(event: Record<string, unknown>): Map<string, Field[]> {
  const fields = new Map<string, Field[]>();
  let arraysSeen = 0;

  function addObject(object: object, prefix: string, place: Place): void {
    for (const [key, value] of Object.entries(object)) add(value, prefix + key, place);
  }

  function addArray(elements: unknown[], path: string, place: Place): void {
    const array = arraysSeen++;
    for (const [index, element] of elements.entries()) {
      // Plain elements carry no place: only what lies inside one element belongs together.
      add(element, path, typeof element === 'object' && element !== null ? new Map(place).set(array, index) : place);
    }
  }

  function add(value: unknown, path: string, place: Place): void {
    if (Array.isArray(value)) addArray(value, path, place);
    else if (typeof value === 'object' && value !== null) addObject(value, `${path}.`, place);
    else if (isScalar(value)) fields.set(path, [...(fields.get(path) ?? []), { value, place }]);
  }

  addObject(event, '', nowhere);
  return fields;
}

/**
 * The two places as one, or undefined when they name different elements of the same array: values that match together must come from
 * the same element (event-ruler's array consistency).
 */
export function joinPlaces(first: Place, second: Place): Place | undefined {
  for (const [array, index] of second) {
    if ((first.get(array) ?? index) !== index) return undefined;
  }
  return second.size === 0 ? first : new Map([...first, ...second]);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
