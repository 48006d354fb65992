import * as z from 'zod';

/** The legal class of a message, declared by its template. A notice and an offer are always separate messages. */
export const MessageClass = z.enum(['service', 'regulatory', 'marketing']);
export type MessageClass = z.infer<typeof MessageClass>;
