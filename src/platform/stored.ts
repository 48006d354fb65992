import * as z from 'zod';

/**
 * A parser for what was stored under any version of a schema: it checks shape, defaults and names. Patterns, lengths and rules are for
 * input, and may be stricter today. Unknown fields are dropped, since newer code may have written them.
 *
 * @throws Error if the schema has a part that is not supported here.
 */
export function stored<Output>(schema: z.ZodType<Output>): z.ZodType<Output> {
  // The output type is the same: only checks and unknown fields differ.
  return unruled(schema) as z.ZodType<Output>;
}

function unruled(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return z.string();
    case 'number':
      return z.number();
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'unknown':
    case 'null':
      return schema;
    case 'object': {
      const shape = Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, unruled(field)]));
      const isStrict = def.catchall?._zod.def.type === 'never';
      return rebuilt(schema, { shape, ...(isStrict && { catchall: undefined }) });
    }
    case 'array':
      return rebuilt(schema, { element: unruled(def.element) });
    case 'record':
      return rebuilt(schema, { keyType: keyOf(def.keyType), valueType: unruled(def.valueType) });
    case 'union':
      return rebuilt(schema, { options: def.options.map(unruled) });
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return rebuilt(schema, { innerType: unruled(def.innerType) });
    // A stored value has been transformed already.
    case 'pipe':
      return unruled(def.out);
    default:
      throw new Error(`There is no reader of stored values for a schema of the type ${def.type}.`);
  }
}

/** The same schema type with other parts and without its checks. */
function rebuilt(schema: z.core.$ZodType, parts: object): z.core.$ZodType {
  return z.core.clone(schema, z.core.util.mergeDefs(schema._zod.def, { ...parts, checks: [] }) as z.core.$ZodTypeDef);
}

/** A partial record marks that on its key schema, which therefore stays as it is. */
function keyOf(keyType: z.core.$ZodRecordKey): z.core.$ZodType {
  return keyType._zod.def.type === 'enum' ? keyType : unruled(keyType);
}
