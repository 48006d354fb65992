import * as z from 'zod';

/** A language as in BCP 47: `en`, `es`, `pt-BR`. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language such as "en", "es" or "pt-BR"');
