const WRITE_UNIT_BYTES = 1_024;
const NESTING_BYTES = 3;

/**
 * The size of an item in DynamoDB for the types that the store writes, from AWS's developer guide ("DynamoDB item sizes and formats"):
 * names and texts in UTF-8, numbers about a byte for two digits plus one, and three more bytes for nested values.
 *
 * @param item in DynamoDB's JSON.
 */
export function itemBytes(item: Record<string, object>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

export function writeUnitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

function valueBytes(value: object): number {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  if (type === 'S') return Buffer.byteLength(String(content));
  if (type === 'N') return Math.ceil(String(content).length / 2) + 1;
  if (type === 'L' && Array.isArray(content)) return content.reduce((sum, inner) => sum + valueBytes(inner) + 1, NESTING_BYTES);
  if (type === 'M') return itemBytes(Object(content)) + Object.keys(Object(content)).length + NESTING_BYTES;
  return 1;
}
