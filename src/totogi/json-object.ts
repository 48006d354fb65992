import * as z from 'zod';

/** AWSJSON: JSON as text. What is no object holds nothing. */
export const JsonObject = z.preprocess(
  (value) => (typeof value === 'string' ? parse(value) : value),
  z.record(z.string(), z.unknown()).catch({}),
);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its schema calls it JSON; what stands beside it is readable without it.
    return undefined;
  }
}
