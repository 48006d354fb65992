import * as z from 'zod';
import { parseJson } from '../platform/parse-json.ts';

/** AWSJSON is JSON as text. Anything but an object reads as empty, so that the fields next to it stay readable. */
export const JsonObject = z.preprocess(
  (value) => (typeof value === 'string' ? parseJson(value) : value),
  z.record(z.string(), z.unknown()).catch({}),
);
