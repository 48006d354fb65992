import * as z from 'zod';
import { ULID_PATTERN } from './event-id.ts';

/** The redrive that a queue message belongs to: the quarantined event, and which of its redrives. */
export const RedriveReference = z.object({
  tenant: z.string(),
  id: z.string().regex(ULID_PATTERN),
  number: z.coerce.number().int().positive(),
});
export type RedriveReference = z.infer<typeof RedriveReference>;

/** The attribute of the queue message. */
export const REDRIVE_ATTRIBUTE = 'redrive';

export function writeRedriveReference({ tenant, id, number }: RedriveReference): string {
  return [tenant, id, number].join('/');
}

/** Undefined if the text is not a reference. */
export function parseRedriveReference(text: string | undefined): RedriveReference | undefined {
  const [tenant, id, number] = (text ?? '').split('/');
  return RedriveReference.safeParse({ tenant, id, number }).data;
}
