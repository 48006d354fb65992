import * as z from 'zod';
import { ULID_PATTERN } from '../../platform/ulid.ts';

export const RedriveReference = z.object({
  tenant: z.string(),
  id: z.string().regex(ULID_PATTERN),
  number: z.coerce.number().int().positive(),
});
export type RedriveReference = z.infer<typeof RedriveReference>;

export const REDRIVE_ATTRIBUTE = 'redrive';

export function writeRedriveReference({ tenant, id, number }: RedriveReference): string {
  return [tenant, id, number].join('/');
}

export function parseRedriveReference(text: string | undefined): RedriveReference | undefined {
  const [tenant, id, number] = (text ?? '').split('/');
  return RedriveReference.safeParse({ tenant, id, number }).data;
}
