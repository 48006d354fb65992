import * as z from 'zod';

/** AWSJSON is JSON as text. Anything but an object reads as empty. */
export const JsonObject = z.preprocess(
  (value) => (typeof value === 'string' ? parse(value) : value),
  z.record(z.string(), z.unknown()).catch({}),
);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Invalid despite its schema. The fields next to it stay readable.
    return undefined;
  }
}
