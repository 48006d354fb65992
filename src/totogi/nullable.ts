import type * as z from 'zod';

/** What GraphQL leaves out as null is undefined here. */
export function optional<Shape extends z.ZodType>(shape: Shape) {
  return shape.nullish().transform((value) => value ?? undefined);
}
