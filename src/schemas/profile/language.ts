import * as z from 'zod';

export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language such as "en", "es" or "pt-BR"');
