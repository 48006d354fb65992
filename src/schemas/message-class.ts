import * as z from 'zod';

/** What a message is in the eyes of the law; each template declares its own. A notice and an offer are never one message. */
export const MessageClass = z.enum(['service', 'regulatory', 'marketing']);
export type MessageClass = z.infer<typeof MessageClass>;
