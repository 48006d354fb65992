import * as z from 'zod';

export const Channel = z.enum(['sms', 'email']);
export type Channel = z.infer<typeof Channel>;
