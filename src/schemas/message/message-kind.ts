import * as z from 'zod';

/** A template may have different text for each. */
export const MessageKind = z.enum(['notice', 'reminder', 'confirmation']);
export type MessageKind = z.infer<typeof MessageKind>;
